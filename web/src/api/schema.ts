// Generated from openapi.json by `npm run schema`; do not edit.

export interface paths {
    "/api/v1/accounts": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Make an account and sign in. */
        post: operations["register"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/charts/{hash}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** A chart, for drawing. It never changes. */
        get: operations["chart"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/events": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Published events, by when they begin. */
        get: operations["list_events"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/events/{event}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** An event. */
        get: operations["show_event"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/events/{event}/holds": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Hold places: all that are asked for, or none. Whoever holds them already gets that hold. */
        post: operations["place_hold"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/events/{event}/live": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Live frames of an event, binary, as described in the protocol's document. Anybody may watch; a
         *     signed-in fan is told when something of the fan's own changed.
         */
        get: operations["live"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/events/{event}/me": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What the fan has of an event: standing, hold, places bought. */
        get: operations["me"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/events/{event}/queue": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Stand in line. Whoever stands already keeps the place. */
        post: operations["join"];
        /** Give up the place in line, the turn or the session. */
        delete: operations["leave"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/events/{event}/queue/claim": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Take the turn. */
        post: operations["claim"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/gate/redeem": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Let the bearer of a ticket in. A second time is refused, with when and where the first was. */
        post: operations["redeem"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/holds/{hold}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** Give a hold back. */
        delete: operations["release"];
        options?: never;
        head?: never;
        /** Add places to a hold and give some back: all of it or nothing. */
        patch: operations["change"];
        trace?: never;
    };
    "/api/v1/holds/{hold}/extend": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Extend a hold, once. */
        post: operations["extend"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/holds/{hold}/order": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Make an order of a hold. One that was ordered already gives that order. */
        post: operations["place_order"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/images/{hash}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** An image. It never changes. */
        get: operations["show_image"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/operator/artists": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Artists by name, 1,000 at most. */
        get: operations["list_artists"];
        put?: never;
        /** Add an artist. */
        post: operations["add_artist"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/operator/artists/{artist}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** Remove an artist that no event names. */
        delete: operations["remove_artist"];
        options?: never;
        head?: never;
        /** Put another version in place of an artist. Its events have it at once. */
        patch: operations["change_artist"];
        trace?: never;
    };
    "/api/v1/operator/charts": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Every imported chart, newest first. */
        get: operations["charts"];
        put?: never;
        /** Keep a seating plan as a chart. One that is there already is left as it is. */
        post: operations["keep_plan"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/operator/charts/check": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Read a seating plan and show what it comes to, or everything that is wrong with it. Nothing is
         *     kept.
         */
        post: operations["check_plan"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/operator/charts/{hash}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        /** Say whose plan a chart is. */
        patch: operations["set_chart_venue"];
        trace?: never;
    };
    "/api/v1/operator/drafts": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Drafts, the latest changed first, 500 at most. */
        get: operations["list_drafts"];
        put?: never;
        /** Begin a draft. */
        post: operations["begin_draft"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/operator/drafts/{draft}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** A draft with everything that keeps it from being published. */
        get: operations["show_draft"];
        put?: never;
        post?: never;
        /** Throw a draft away. */
        delete: operations["remove_draft"];
        options?: never;
        head?: never;
        /** Put another version in place of a draft. */
        patch: operations["change_draft"];
        trace?: never;
    };
    "/api/v1/operator/drafts/{draft}/publish": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Open the sale of a draft and show its event to fans, or say everything that keeps it from that. */
        post: operations["publish_draft"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/operator/events": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Add an event and open its sale. */
        post: operations["create_event"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/operator/events/{event}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** A sale as operators see it. */
        get: operations["overview"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/operator/events/{event}/sales": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** An event's sales, as they have been counted so far. */
        get: operations["sales"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/operator/events/{event}/terms": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** A published event as it was filled in, with the terms of now. */
        get: operations["show_terms"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        /**
         * Change a published event: its artists, its poster, and the prices, times and limits of its sale.
         *     The rest stays.
         */
        patch: operations["set_terms"];
        trace?: never;
    };
    "/api/v1/operator/images": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Keep an image. One that is there already is left as it is; one that nothing has is removed after
         *     a day.
         */
        post: operations["keep_image"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/operator/people": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Everybody who may do more than buy, by e-mail address, 1,000 at most. */
        get: operations["list_people"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/operator/people/{account}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        /**
         * Give an account another role. It has it from the next refresh of its session on, ten minutes
         *     later at most unless configured otherwise.
         */
        patch: operations["set_role"];
        trace?: never;
    };
    "/api/v1/operator/rehearsals": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Rehearsals, the latest first, 500 at most; also those that were wiped. */
        get: operations["list_rehearsals"];
        put?: never;
        /** Make a rehearsal of a draft or of a published event, or ask what would be made. */
        post: operations["rehearse"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/operator/rehearsals/{rehearsal}/bots": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Let bots into a rehearsal for two hours. What lets them in is shown this once. */
        post: operations["let_bots_in"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/operator/rehearsals/{rehearsal}/wipe": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Wipe a rehearsal, or ask what would be wiped. One that was begun to be wiped is gone on with. */
        post: operations["wipe_rehearsal"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/operator/setup-links": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Make a link with which somebody becomes a viewer, an operator or an administrator. */
        post: operations["make_setup_link"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/operator/venues": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Venues by name, 1,000 at most. */
        get: operations["list_venues"];
        put?: never;
        /** Add a venue. */
        post: operations["add_venue"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/operator/venues/{venue}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** Remove a venue that no event is at. Its plans stay, as nobody's. */
        delete: operations["remove_venue"];
        options?: never;
        head?: never;
        /** Put another version in place of a venue. Its events have it at once. */
        patch: operations["change_venue"];
        trace?: never;
    };
    "/api/v1/ops/audit": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What was done to running sales, the latest first. */
        get: operations["audit_entries"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/ops/audit/check": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Whether nobody has altered what was done to running sales. */
        get: operations["check"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/ops/audit/export": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What was done to running sales: a line of JSON each, oldest first. */
        get: operations["export"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/ops/dead-letters": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Messages that a consumer of the record stream could not read, the oldest first. */
        get: operations["dead_letters"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/ops/dead-letters/actions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Publish a dead letter again, for every consumer, and list it no more; or ask what it is. */
        post: operations["replay_dead_letter"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/ops/events/{event}/actions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Do something to a running sale, or ask what it would be done to. */
        post: operations["act"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/ops/events/{event}/contention": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** How often places were held by the last ten thousand records up to one. */
        get: operations["contention"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/ops/events/{event}/journal": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Records of a journal, in order. Nobody is named in them. */
        get: operations["journal_records"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/ops/events/{event}/state": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** A sale as it was after a record of its journal. */
        get: operations["past_state"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/ops/live": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * A page's figures, once a second, as JSON text. The socket ends when an access token would: who
         *     looks on is looked at again.
         */
        get: operations["watch_ops"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/ops/nodes/{node}/actions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Have a node hand over what it owns, or own events again; or ask what would move. */
        post: operations["act_on_node"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/ops/rebalance": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Have nodes hand events over until all own as many, give or take one; or ask what would move. */
        post: operations["rebalance"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/ops/settings": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The settings that are in force on the node that answers. Secrets are not shown. */
        get: operations["settings"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/orders": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The fan's orders, newest first. */
        get: operations["list_orders"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/orders/{order}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** An order of the fan's. */
        get: operations["show_order"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/orders/{order}/cancel": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Give up an order that is not paid; its places are free again. */
        post: operations["cancel"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/orders/{order}/payments": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Begin to pay: the answer says where to send the browser. An attempt whose outcome is open is
         *     given instead of a second one.
         */
        post: operations["start_payment"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/orders/{order}/payments/{payment}/confirm": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Take the money that the fan has agreed to on the provider's page. If the provider does not
         *     answer in time the payment stays open, and is settled as soon as the provider does.
         */
        post: operations["confirm"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/orders/{order}/payments/{payment}/resolve": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Ask the provider what became of a payment: the fan came back without having paid. */
        post: operations["resolve"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/orders/{order}/return": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Return a paid order: its tickets are void, its money goes back. */
        post: operations["give_back"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/session": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Who is signed in. */
        get: operations["session"];
        put?: never;
        /** Sign in. */
        post: operations["sign_in"];
        /** Sign out: the session is over everywhere. */
        delete: operations["sign_out"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/session/refresh": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Trade the refresh token for the next one and a new access token. One that was traded before
         *     ends its session.
         */
        post: operations["refresh"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/setup": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Make the account that a link is for, once. */
        post: operations["set_up"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/ticket-keys": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The keys that a gate needs to check tickets without a network. */
        get: operations["keys"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/tickets/{ticket}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** A ticket of the fan's, with its code. */
        get: operations["show_ticket"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/time": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The server's time, for countdowns. */
        get: operations["time"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/webhooks/toss": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** The provider says that a payment changed. It does not sign that, so the provider is asked. */
        post: operations["toss_webhook"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
}
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        /** @description Something to do to a running sale. */
        ActionBody: {
            /** @description What. */
            action: components["schemas"]["ActionName"];
            /**
             * Format: int32
             * @description How many fans are called in a minute at most, where that is set; 0 for any number.
             */
            admission_rate?: number | null;
            /**
             * Format: int32
             * @description What it is set to, where something is set.
             */
            admitted_max?: number | null;
            /** @description What those in line are told, where that is set: at most 200 characters; empty for nothing. */
            notice?: string | null;
            /**
             * @description The places that it is done to, by the chart's labels: `section / row / 1-12, 15`, all of a row
             *     or table without seats, so many units of an area, or `#` and a place's index; several with `;`.
             */
            places?: string | null;
            /** @description Only say what it would be done to. */
            preview?: boolean;
            /** @description Why: 3 to 500 characters. It is kept. Only asking needs none. */
            reason?: string;
            /** @description The hold or order that it is done to, where it is done to one. */
            target?: string | null;
        };
        /**
         * @description What can be done to a running sale.
         * @enum {string}
         */
        ActionName: "pause" | "resume" | "close" | "hand_over" | "release_hold" | "cancel_order" | "return_order" | "set_admitted_max" | "block_places" | "free_places" | "set_admission_rate" | "set_notice";
        /** @description One actor. */
        ActorFrame: {
            actor?: components["schemas"]["ActorView"] | null;
            /** @description When. */
            at: string;
            /** @description False if a node did not say what it has. */
            complete: boolean;
            /** @description Its event. */
            event: string;
            /** @description Commands that the sale rejected, on the nodes that live and since they started. */
            rejections: components["schemas"]["RejectionsView"][];
            /** @description Live sockets of the event by node, those without any left out. */
            sockets: components["schemas"]["NodeSocketsView"][];
        };
        /** @description One actor. */
        ActorView: {
            /**
             * Format: float
             * @description How long an append takes, in microseconds.
             */
            append_us?: number | null;
            /**
             * Format: float
             * @description Records in an append.
             */
            batch?: number | null;
            /**
             * Format: int32
             * @description Commands and questions that wait or are in flight.
             */
            depth: number;
            /** @description Its event. */
            event: string;
            /**
             * Format: int64
             * @description The owner's fence.
             */
            fence: number;
            /**
             * Format: int64
             * @description Places nobody has.
             */
            free: number;
            /**
             * Format: int64
             * @description Places held.
             */
            held: number;
            /**
             * Format: int64
             * @description Fans called or admitted.
             */
            inside: number;
            /**
             * Format: int64
             * @description How long nobody else can own it, in milliseconds.
             */
            lease_left_ms: number;
            /**
             * Format: int64
             * @description Fans in line.
             */
            line: number;
            /** @description Its node. */
            node: string;
            /**
             * Format: int64
             * @description For how long the node has owned it, in seconds.
             */
            owned_for_s: number;
            /**
             * Format: int64
             * @description For how long nothing has changed, in seconds.
             */
            quiet_for_s: number;
            /**
             * Format: float
             * @description Commands a second.
             */
            rate?: number | null;
            /** @description Commands a second in the last seconds that somebody looked, the latest last. */
            rates: number[];
            /**
             * Format: int64
             * @description Commands that were refused because too many waited.
             */
            refusals: number;
            /** @description Whether it is a rehearsal: it is called what its original is. */
            rehearsal: boolean;
            /**
             * Format: float
             * @description Commands a second that the sale rejects.
             */
            rejections?: number | null;
            /**
             * Format: int64
             * @description The last durable record.
             */
            seq: number;
            /**
             * Format: int64
             * @description How old the state in the latest snapshot is, in seconds; null if there is none.
             */
            snapshot_age_s?: number | null;
            /**
             * Format: int64
             * @description Places sold.
             */
            sold: number;
            /** @description Whether the sale runs, as operators set it. */
            status: components["schemas"]["StatusView"];
            /**
             * Format: int64
             * @description Times that the node took the event over.
             */
            take_overs: number;
            /** @description What that is called; empty if it is not shown. */
            title: string;
            /**
             * Format: float
             * @description How long it takes to decide, in microseconds.
             */
            turn_us?: number | null;
            /**
             * Format: int64
             * @description Records since the last snapshot.
             */
            unsnapped: number;
            /**
             * Format: float
             * @description How long a command waits in the mailbox, in microseconds.
             */
            wait_us?: number | null;
        };
        /** @description A page of a table of actors. */
        ActorsFrame: {
            /** @description When. */
            at: string;
            /** @description False if a node did not say what it has. */
            complete: boolean;
            /**
             * Format: int64
             * @description Rows on all pages.
             */
            matching: number;
            /**
             * Format: int32
             * @description Rows before this page.
             */
            offset: number;
            /** @description In order. */
            rows: components["schemas"]["ActorView"][];
        };
        /** @description An artist that is to be added. */
        AddArtistBody: {
            /** @description Who. */
            artist: components["schemas"]["ArtistBody"];
            /** @description Why: 3 to 500 characters. It is kept. */
            reason: string;
        };
        /** @description A venue that is to be added. */
        AddVenueBody: {
            /** @description Why: 3 to 500 characters. It is kept. */
            reason: string;
            /** @description What it is. */
            venue: components["schemas"]["VenueBody"];
        };
        /** @description Holds of about one age. */
        AgeView: {
            /** @description How many there are. */
            holds: number;
            /** @description Their places. */
            places: number;
            /**
             * Format: int64
             * @description They are younger than so many seconds; as old as any if null.
             */
            under_s?: number | null;
        };
        /** @description An artist as it is filled in. */
        ArtistBody: {
            /** @description Who they are, in a few sentences; may be empty. */
            about: components["schemas"]["TextView"];
            /** @description What they are called. */
            name: components["schemas"]["TextView"];
            picture?: components["schemas"]["PictureBody"] | null;
        };
        /** @description An artist that is kept. */
        ArtistView: {
            /** @description What has been filled in. */
            artist: components["schemas"]["ArtistBody"];
            /** @description Its id. */
            id: string;
            /**
             * Format: int32
             * @description One more with each change.
             */
            version: number;
        };
        /** @description Whether each entry follows on the one before. */
        AuditCheckView: {
            /**
             * Format: int64
             * @description The first that was altered, or stands where another should; null if there is none.
             */
            broken_at?: number | null;
            /**
             * Format: int64
             * @description How many were looked at.
             */
            entries: number;
        };
        /** @description Something that somebody did, or tried to do. */
        AuditEntryView: {
            /** @description What. */
            action: string;
            /** @description When. */
            at: string;
            /** @description Whose account. */
            by: string;
            /** @description Its e-mail address; absent if there is no such account any more. */
            email?: string | null;
            /** @description To which event; empty if to something that is no event's. */
            event: string;
            /** @description SHA-256 over the hash before, the number and the entry, in base64url. */
            hash: string;
            /**
             * Format: int64
             * @description Its place in the log.
             */
            number: number;
            /** @description `asked` before it is done, then `done` or the code of the refusal. */
            outcome: string;
            /** @description Why; empty if nobody was asked. */
            reason: string;
            /** @description To what, and from what to what; empty if to all of the event. */
            target: string;
        };
        /** @description Entries of the log, the latest first. */
        AuditPageView: {
            /** @description What fits. */
            entries: components["schemas"]["AuditEntryView"][];
            /**
             * Format: int64
             * @description Pass it as `before` for older ones; absent on the last page.
             */
            next?: number | null;
        };
        /**
         * @description What a block is.
         * @enum {string}
         */
        BlockKindView: "row" | "table" | "whole_table" | "area";
        /** @description A row, a table or a general-admission area. */
        BlockView: {
            /** @description Which of its places, counted from 0, are for wheelchair users. */
            accessible?: number[];
            /** @description Indices of categories: one for each place, or a single one if all have the same. */
            categories: number[];
            /** @description Which of its places are for companions. */
            companion?: number[];
            /**
             * Format: int32
             * @description How many places it has.
             */
            count: number;
            /**
             * Format: int32
             * @description Index of its first place.
             */
            first: number;
            /** @description What it is. */
            kind: components["schemas"]["BlockKindView"];
            /** @description What a fan reads. */
            label: string;
            /** @description By place: what a fan reads; empty for an area. */
            labels: string[];
            /** @description Corners of an area, `[x, y]`. */
            outline?: number[][];
            /** @description Which of its places have a restricted view. */
            restricted_view?: number[];
            /**
             * Format: int32
             * @description Index of its section.
             */
            section: number;
            /** @description By place: across; for an area a single one, its middle. */
            x: number[];
            /** @description By place: down; for an area a single one, its middle. */
            y: number[];
        };
        /** @description What lets bots into a rehearsal; the token is shown this once. */
        BotsView: {
            /** @description The file that its journal is in; absent if that is a database, which is not shown. */
            database?: string | null;
            /** @description Until when it lets them in. */
            expires_at: string;
            /** @description What `tiketi-bench` is given as `BENCH_BOTS`. */
            token: string;
            /** @description Where the server is, for bots. */
            url: string;
        };
        /** @description A class of places that share a price. */
        CategoryView: {
            /** @description `#rrggbb`, or empty. */
            color: string;
            /** @description Stable name. */
            key: string;
            /** @description What a fan reads. */
            label: string;
        };
        /** @description Another version of an artist. */
        ChangeArtistBody: {
            /** @description What it is to be. */
            artist: components["schemas"]["ArtistBody"];
            /** @description Why: 3 to 500 characters. It is kept. */
            reason: string;
            /**
             * Format: int32
             * @description The version that was changed.
             */
            version: number;
        };
        /** @description Another version of a draft. */
        ChangeDraftBody: {
            /** @description What it is to be. */
            event: components["schemas"]["DraftBody"];
            /**
             * Format: int32
             * @description The version that was changed.
             */
            version: number;
        };
        /** @description Places to add to a hold and to give back: all of it or nothing. */
        ChangeHoldBody: {
            /** @description What to add. */
            add?: components["schemas"]["WantedBody"][];
            /** @description Indices of places to give back. */
            remove?: number[];
        };
        /** @description Another version of a venue. */
        ChangeVenueBody: {
            /** @description Why: 3 to 500 characters. It is kept. */
            reason: string;
            /** @description What it is to be. */
            venue: components["schemas"]["VenueBody"];
            /**
             * Format: int32
             * @description The version that was changed.
             */
            version: number;
        };
        /** @description An imported chart. */
        ChartEntryView: {
            /** @description When it was imported. */
            created_at: string;
            /** @description Its hash. */
            hash: string;
            /** @description What the venue calls it. */
            name: string;
            /**
             * Format: int32
             * @description How many places it has.
             */
            places: number;
            /** @description Whose plan it is: a venue's id, if that has been said. */
            venue?: string | null;
        };
        /** @description Whose plan a chart is. */
        ChartVenueBody: {
            /** @description Why: 3 to 500 characters. It is kept. */
            reason: string;
            /** @description A venue's id; nobody's if absent. */
            venue?: string | null;
        };
        /** @description A venue's layout. Immutable: a hash names it for ever. */
        ChartView: {
            /** @description Rows, tables and areas, by index; their places follow on each other. */
            blocks: components["schemas"]["BlockView"][];
            /** @description By index. */
            categories: components["schemas"]["CategoryView"][];
            /** @description The middle of the stage, `[x, y]` in chart units. */
            focal_point: number[];
            /** @description What the venue calls it. */
            name: string;
            /** @description How many places it has. */
            places: number;
            /** @description By index. */
            sections: components["schemas"]["SectionView"][];
        };
        /** @description What the provider's page gave the browser to bring back. */
        ConfirmBody: {
            /**
             * Format: int64
             * @description How much, as the provider's page says.
             */
            amount_minor: number;
            /** @description The provider's name for the payment. */
            payment_key: string;
        };
        /** @description A reader of the stream, on all nodes together. */
        ConsumerView: {
            /**
             * Format: int64
             * @description Messages that it put among the dead letters since the processes began.
             */
            buried: number;
            /**
             * Format: double
             * @description Records that it counts a second.
             */
            counted?: number | null;
            /**
             * Format: int64
             * @description Times that it had to wait since the processes began.
             */
            failures: number;
            /**
             * Format: int64
             * @description Messages that it has not taken yet; null if none of the nodes knows.
             */
            lag?: number | null;
            /** @description When that was so. */
            lag_at?: string | null;
            /** @description What it is called. */
            name: string;
            /** @description Nodes that have a part in it. */
            nodes: number;
            /** @description The same by partition of the stream; empty if it is not known. */
            partitions: components["schemas"]["PartitionView"][];
        };
        /** @description How often places were held. */
        ContentionView: {
            /**
             * Format: int64
             * @description The first record that was counted.
             */
            from: number;
            /** @description By place, in base64: how often, at most 255. What comes after the last byte was never held. */
            places: string;
            /**
             * Format: int64
             * @description The last.
             */
            to: number;
        };
        /** @description A message that a consumer could not read. */
        DeadLetterView: {
            /** @description When that was found. */
            buried_at: string;
            /** @description The event that it was sent for, if it said so. */
            event?: string | null;
            /** @description Names it: the consumer and where in the stream it was. */
            position: string;
            /** @description Why it could not be read. */
            reason: string;
            /**
             * Format: int64
             * @description Which record it said it was.
             */
            seq?: number | null;
        };
        /** @description Messages that a consumer could not read, the oldest first. */
        DeadLettersView: {
            /** @description False if they are kept in memory alone, as on a node without others. */
            lasting: boolean;
            /** @description The oldest of them. */
            letters: components["schemas"]["DeadLetterView"][];
            /** @description Whether there are more. */
            more: boolean;
            /** @description False if no worker was reached: whether there are any is not known. */
            reached: boolean;
        };
        /** @description An event that is being prepared: every field is there, and empty where nothing is known yet. */
        DraftBody: {
            /**
             * Format: int32
             * @description Fans that may be called or admitted at one time.
             */
            admitted_max: number;
            /** @description Who is on stage, in this order: ids of artists. */
            artists?: string[];
            /** @description The hash of an imported chart. */
            chart: string;
            /**
             * Format: int64
             * @description Seconds to claim a turn.
             */
            claim_ttl_s: number;
            /** @description From when on not any more. */
            closes_at: string;
            /** @description ISO 4217: KRW, JPY, USD, EUR, GBP or KWD. */
            currency: string;
            /** @description What it is, in a few sentences. */
            description: string;
            /**
             * Format: int64
             * @description Seconds by which it can be extended, once.
             */
            hold_extension_s: number;
            /**
             * Format: int64
             * @description Seconds that a hold lasts.
             */
            hold_ttl_s: number;
            /** @description From when on fans may stand in line; the opening if empty. */
            lobby_opens_at: string;
            /** @description From when on places can be held. */
            opens_at: string;
            /**
             * Format: int64
             * @description What an order costs beside its places.
             */
            order_fee_minor: number;
            /**
             * Format: int32
             * @description Places of one fan.
             */
            places_per_fan_max: number;
            /**
             * Format: int32
             * @description Places in one hold.
             */
            places_per_hold_max: number;
            poster?: components["schemas"]["PictureBody"] | null;
            /** @description What places cost. */
            prices: components["schemas"]["NewPrice"][];
            /** @description Until when tickets can be returned; the close if empty. */
            refunds_until: string;
            /**
             * Format: int64
             * @description Seconds to hold places once admitted.
             */
            session_ttl_s: number;
            /** @description When it begins. */
            starts_at: string;
            /** @description As what a place can be bought. */
            ticket_types: components["schemas"]["NewTicketType"][];
            /** @description What it is called. */
            title: string;
            /** @description Where it is, in words; may be empty if `venue_id` is given. */
            venue: string;
            /** @description Where it is: a venue's id, or empty. */
            venue_id?: string;
        };
        /** @description A draft in a list. */
        DraftEntryView: {
            /** @description When it was changed last. */
            changed_at: string;
            /** @description The id that the event will have. */
            id: string;
            /** @description From when on places can be held; may be empty. */
            opens_at: string;
            /** @description When it begins; may be empty. */
            starts_at: string;
            /** @description What it is called; may be empty. */
            title: string;
            /** @description Where it is; may be empty. */
            venue: string;
        };
        /** @description A version of a draft that something is to be done to. */
        DraftVersionBody: {
            /**
             * Format: int32
             * @description The version that was seen.
             */
            version: number;
        };
        /** @description A draft, and what is wrong with it. */
        DraftView: {
            /** @description When it was changed last. */
            changed_at: string;
            /** @description What has been filled in. */
            event: components["schemas"]["DraftBody"];
            /** @description What keeps it from being published. */
            faults: components["schemas"]["FaultView"][];
            /** @description The id that the event will have. */
            id: string;
            /**
             * Format: int32
             * @description One more with each change.
             */
            version: number;
        };
        /** @description What something is done to, as it was before. */
        EffectView: {
            /**
             * Format: int32
             * @description Fans called in a minute at most; any number if null.
             */
            admission_rate?: number | null;
            /**
             * Format: int32
             * @description Fans that may be called or admitted at one time.
             */
            admitted_max: number;
            /**
             * Format: int64
             * @description What the order costs.
             */
            amount_minor?: number | null;
            /** @description Whether it was done; not if it was only asked what it would be done to. */
            done: boolean;
            /** @description Places held. */
            held: number;
            /**
             * Format: int32
             * @description Fans called or admitted.
             */
            inside: number;
            /** @description What those in line are told; null if nothing. */
            notice?: string | null;
            order?: components["schemas"]["OrderStateView"] | null;
            /** @description Places of the hold or the order, or those of the named ones that it can be done to. */
            places?: number | null;
            /** @description Whether the sale ran. */
            status: components["schemas"]["StatusView"];
            /** @description The first of the named places that it cannot be done to, and how many units of an area. */
            unfit: string[];
            /**
             * Format: int32
             * @description Fans in line.
             */
            waiting: number;
        };
        /** @description An event in a list. */
        EventCard: {
            /** @description Its id. */
            id: string;
            poster?: components["schemas"]["ImageView"] | null;
            /** @description How its sale stands. */
            sale: components["schemas"]["SaleView"];
            /** @description When it begins. */
            starts_at: string;
            /** @description What it is called. */
            title: string;
            /** @description Where it is. */
            venue: string;
            /** @description The same in each language, if it has a name in each. */
            venue_name: components["schemas"]["TextView"];
        };
        /** @description The event that something belongs to. */
        EventRef: {
            /** @description Its id. */
            id: string;
            poster?: components["schemas"]["ImageView"] | null;
            /** @description When it begins. */
            starts_at: string;
            /** @description What it is called. */
            title: string;
            /** @description Where it is. */
            venue: string;
        };
        /** @description An event with everything that its page shows. */
        EventView: components["schemas"]["EventCard"] & {
            /** @description Who is on stage, in the order of their appearance. */
            artists: components["schemas"]["OnStageView"][];
            /** @description What places cost. */
            categories: components["schemas"]["PricedCategoryView"][];
            /** @description The hash of its chart. */
            chart: string;
            /** @description ISO 4217. */
            currency: string;
            /**
             * Format: int32
             * @description Decimal digits of the currency's smallest unit.
             */
            currency_decimals: number;
            /** @description What it is, in a few sentences. */
            description: string;
            /**
             * Format: int64
             * @description What an order costs beside its places.
             */
            order_fee_minor: number;
            place?: components["schemas"]["PlaceView"] | null;
            /** @description Limits and times. */
            rules: components["schemas"]["RulesView"];
            /** @description As what a place can be bought. */
            ticket_types: components["schemas"]["TicketTypeView"][];
        };
        /** @description One thing that is wrong with a plan or an event. */
        FaultView: {
            /** @description What is wrong, for programs. */
            code: string;
            /** @description What is wrong, for people. */
            message: string;
            /** @description Where: a JSON path in the plan, a field of the event. */
            path: string;
        };
        /** @description A live hold. */
        HeldView: {
            /** @description When it ends by itself. */
            expires_at: string;
            /** @description Whose account. */
            fan: string;
            /** @description Its id. */
            id: string;
            /** @description Whether an order was made of it: then the order is cancelled, not the hold released. */
            ordered: boolean;
            /** @description When it was placed. */
            placed_at: string;
            /** @description How many places it has. */
            places: number;
        };
        /** @description Holds that had been there for a while. */
        HoldAgeView: {
            /**
             * Format: int64
             * @description For so many seconds or more, and less than the next.
             */
            from_s: number;
            /**
             * Format: int64
             * @description How many.
             */
            holds: number;
            /**
             * Format: int64
             * @description Their places.
             */
            places: number;
        };
        /** @description A hold. */
        HoldView: {
            /** @description ISO 4217. */
            currency: string;
            /** @description The event. */
            event: string;
            /**
             * Format: int64
             * @description When it ends, in milliseconds since 1970.
             */
            expires_at_ms: number;
            /** @description Whether it can be extended still. */
            extendable: boolean;
            /** @description Its id. */
            id: string;
            /** @description The places, in the order in which they were added. */
            items: components["schemas"]["ItemView"][];
            /**
             * Format: int64
             * @description What of that is the order's fee.
             */
            order_fee_minor: number;
            /** @description Whether an order was made of it: its places are fixed then. */
            ordered: boolean;
            /**
             * Format: int64
             * @description What the places cost, fees included, and the order's fee.
             */
            total_minor: number;
        };
        /** @description An image, to show. */
        ImageView: {
            /** @description What it shows, for those who do not see it. */
            alt: components["schemas"]["TextView"];
            /**
             * Format: int32
             * @description In pixels.
             */
            height: number;
            /** @description Where it is; what is there never changes. */
            url: string;
            /**
             * Format: int32
             * @description In pixels.
             */
            width: number;
        };
        /** @description A place of a hold or an order. */
        ItemView: {
            /**
             * Format: int64
             * @description What it costs.
             */
            amount_minor: number;
            /** @description The row, table or area. */
            block: string;
            /** @description The key of its category. */
            category: string;
            /**
             * Format: int64
             * @description The fee on top.
             */
            fee_minor: number;
            /** @description What block it belongs to. */
            kind: components["schemas"]["BlockKindView"];
            /**
             * Format: int32
             * @description Its index in the chart.
             */
            place: number;
            /** @description The seat; empty for general admission. */
            seat: string;
            /** @description Where it is, for people. */
            section: string;
            /** @description As what: the key of a ticket type. */
            ticket_type: string;
        };
        /** @description One record. */
        JournalRecordView: {
            /**
             * Format: int64
             * @description The money that it is about, in the sale's smallest unit.
             */
            amount_minor?: number | null;
            /** @description When it was decided. */
            at: string;
            /**
             * Format: int64
             * @description The first record of the batch that it became durable with.
             */
            batch: number;
            /** @description Who asked for it. */
            by: components["schemas"]["OriginView"];
            /**
             * Format: int64
             * @description The entry of the audit log before it was done, if it came of one.
             */
            deed?: number | null;
            /** @description Fans whose standing or belongings changed. */
            fans: number;
            /**
             * Format: int64
             * @description The fence of the owner that wrote it.
             */
            fence: number;
            /** @description What changed; as in the record stream, and `answered` for the answer that is kept for repeats. */
            kind: string;
            /** @description Places whose state changed. */
            places: number;
            /**
             * Format: int64
             * @description Its place in the journal.
             */
            seq: number;
            /** @description The hold, order, payment or ticket that it is about, if it is about one. */
            subject?: string | null;
        };
        /** @description Records of a journal. */
        JournalView: {
            /**
             * Format: int64
             * @description The last record of the journal, as of the question.
             */
            last: number;
            /** @description In order. */
            records: components["schemas"]["JournalRecordView"][];
        };
        /** @description An image that is kept. */
        KeptImageView: {
            /** @description The hash of its file. */
            hash: string;
            /**
             * Format: int32
             * @description In pixels.
             */
            height: number;
            /**
             * Format: int32
             * @description In pixels.
             */
            width: number;
        };
        /** @description A plan that is kept. */
        KeptPlanView: {
            /** @description The hash of its chart. */
            hash: string;
        };
        /** @description How long answers took, estimated from counts by bound. */
        LatencyView: {
            /**
             * Format: int64
             * @description How many there were.
             */
            count: number;
            /**
             * Format: double
             * @description Half of them took at most this.
             */
            p50_ms: number;
            /**
             * Format: double
             * @description All but one in a hundred took at most this.
             */
            p99_ms: number;
        };
        /** @description What a fan has of an event. */
        MeView: {
            /**
             * Format: int32
             * @description Places that the fan has bought.
             */
            bought: number;
            hold?: components["schemas"]["HoldView"] | null;
            /** @description Where the fan stands. */
            standing: components["schemas"]["StandingBody"];
        };
        /** @description Payments, and where their money was. */
        MoneyView: {
            /**
             * Format: int64
             * @description What was taken and kept.
             */
            captured_minor: number;
            /** @description ISO 4217. */
            currency: string;
            /**
             * Format: int32
             * @description Decimal digits of its smallest unit.
             */
            decimals: number;
            /**
             * Format: int64
             * @description Payments that were declined.
             */
            declined: number;
            /**
             * Format: int64
             * @description Payments whose outcome was not known.
             */
            open: number;
            /**
             * Format: int64
             * @description What was taken and owed back.
             */
            refund_due_minor: number;
            /**
             * Format: int64
             * @description What was given back.
             */
            refunded_minor: number;
        };
        /** @description Events that go from one node to another. */
        MoveSumView: {
            /** @description How many. */
            events: number;
            /** @description From here. */
            from: string;
            /** @description To there. */
            to: string;
        };
        /** @description An event that goes from one node to another. */
        MoveView: {
            /** @description Which. */
            event: string;
            /** @description Whether it is a rehearsal: it is called what its original is. */
            rehearsal: boolean;
            /** @description What it is called; empty if it is not shown. */
            title: string;
            /** @description To there. */
            to: string;
        };
        /** @description A new event with the terms of its sale. */
        NewEventBody: {
            /**
             * Format: int32
             * @description Fans that may be called or admitted at one time.
             */
            admitted_max?: number;
            /** @description Who is on stage, in this order: ids of artists. */
            artists?: string[];
            /** @description The hash of an imported chart. */
            chart: string;
            /**
             * Format: int64
             * @description Seconds to claim a turn.
             */
            claim_ttl_s?: number;
            /** @description From when on not any more. */
            closes_at: string;
            /** @description ISO 4217: KRW, JPY, USD, EUR, GBP or KWD. */
            currency: string;
            /** @description What it is, in a few sentences. */
            description?: string;
            /**
             * Format: int64
             * @description Seconds by which it can be extended, once.
             */
            hold_extension_s?: number;
            /**
             * Format: int64
             * @description Seconds that a hold lasts.
             */
            hold_ttl_s?: number;
            /** @description From when on fans may stand in line; the opening if absent. */
            lobby_opens_at?: string | null;
            /** @description From when on places can be held. */
            opens_at: string;
            /**
             * Format: int64
             * @description What an order costs beside its places.
             */
            order_fee_minor?: number;
            /**
             * Format: int32
             * @description Places of one fan.
             */
            places_per_fan_max?: number;
            /**
             * Format: int32
             * @description Places in one hold.
             */
            places_per_hold_max?: number;
            poster?: components["schemas"]["PictureBody"] | null;
            /** @description What places cost. */
            prices: components["schemas"]["NewPrice"][];
            /** @description Until when tickets can be returned; the close if absent. */
            refunds_until?: string | null;
            /**
             * Format: int64
             * @description Seconds to hold places once admitted.
             */
            session_ttl_s?: number;
            /** @description When it begins. */
            starts_at: string;
            /** @description As what a place can be bought. */
            ticket_types: components["schemas"]["NewTicketType"][];
            /** @description What it is called. */
            title: string;
            /** @description Where it is, in words; may be empty if `venue_id` is given. */
            venue: string;
            /** @description Where it is: a venue's id. */
            venue_id?: string;
        };
        /** @description A new event's id. */
        NewEventView: {
            /** @description The id. */
            id: string;
        };
        /** @description What one place costs. */
        NewPrice: {
            /**
             * Format: int64
             * @description For the place.
             */
            amount_minor: number;
            /** @description The key of a category. */
            category: string;
            /**
             * Format: int64
             * @description For the service, on top.
             */
            fee_minor?: number;
            /** @description The key of a ticket type. */
            ticket_type: string;
        };
        /** @description As what a place can be bought. */
        NewTicketType: {
            /** @description Stable name. */
            key: string;
            /** @description What a fan reads. */
            label: string;
        };
        /** @description Something to do to a node. */
        NodeActionBody: {
            /** @description What. */
            action: components["schemas"]["NodeActionName"];
            /** @description Only say what would move. */
            preview?: boolean;
            /** @description Why: 3 to 500 characters. It is kept. Only asking needs none. */
            reason?: string;
        };
        /**
         * @description What can be done to a node.
         * @enum {string}
         */
        NodeActionName: "drain_node" | "rejoin_node";
        /** @description What moves if something is done to a node. */
        NodeEffectView: {
            /** @description False if a node did not say what it has: more may move. */
            complete: boolean;
            /** @description Whether it was begun; not if it was only asked what would move. */
            done: boolean;
            /** @description The first of them by title. */
            moves: components["schemas"]["MoveView"][];
            /** @description How many events go from one node to another. */
            sums: components["schemas"]["MoveSumView"][];
        };
        /**
         * @description What a node does.
         * @enum {string}
         */
        NodeRole: "gateway" | "engine" | "worker";
        /** @description Live sockets on a node. */
        NodeSocketsView: {
            /** @description The node. */
            node: string;
            /**
             * Format: int64
             * @description How many.
             */
            sockets: number;
        };
        /** @description What a node sends to browsers. */
        NodeStreamsView: {
            /**
             * Format: int64
             * @description Frames that slow readers missed since the process began.
             */
            behind: number;
            /**
             * Format: double
             * @description Their bytes a second.
             */
            bytes?: number | null;
            /**
             * Format: double
             * @description Frames sent a second.
             */
            frames?: number | null;
            /** @description Which. */
            node: string;
            /**
             * Format: int64
             * @description Snapshots sent in place of what was missed since the process began.
             */
            resyncs: number;
            /**
             * Format: int64
             * @description Live sockets of fans.
             */
            sockets: number;
        };
        /** @description A node that lives. */
        NodeView: {
            /** @description Where other nodes reach it; empty if there are none. */
            address: string;
            /** @description It is about to leave. */
            draining: boolean;
            /** @description Drawn at random when it started. */
            id: string;
            owns?: components["schemas"]["OwnsView"] | null;
            rates?: components["schemas"]["Rates"] | null;
            /** @description What it does. */
            roles: components["schemas"]["NodeRole"][];
        };
        /** @description Every node. */
        NodesFrame: {
            /** @description When. */
            at: string;
            /** @description In the order of their ids. */
            nodes: components["schemas"]["NodeView"][];
        };
        /** @description Who is on stage, as fans see it. */
        OnStageView: {
            /** @description Who they are, in a few sentences; may be empty. */
            about: components["schemas"]["TextView"];
            image?: components["schemas"]["ImageView"] | null;
            /** @description What they are called. */
            name: components["schemas"]["TextView"];
        };
        /** @description What a page's socket says once a second. */
        OpsFrame: (components["schemas"]["OverviewFrame"] & {
            /** @enum {string} */
            type: "overview";
        }) | (components["schemas"]["NodesFrame"] & {
            /** @enum {string} */
            type: "nodes";
        }) | (components["schemas"]["ActorsFrame"] & {
            /** @enum {string} */
            type: "actors";
        }) | (components["schemas"]["SaleFrame"] & {
            /** @enum {string} */
            type: "sale";
        }) | (components["schemas"]["ActorFrame"] & {
            /** @enum {string} */
            type: "actor";
        }) | (components["schemas"]["StreamsFrame"] & {
            /** @enum {string} */
            type: "streams";
        });
        /** @description Orders by where they stood. */
        OrderCountsView: {
            /**
             * Format: int64
             * @description Not paid yet.
             */
            awaiting_payment: number;
            /**
             * Format: int64
             * @description Given up.
             */
            cancelled: number;
            /**
             * Format: int64
             * @description Not paid in time.
             */
            expired: number;
            /**
             * Format: int64
             * @description Paid, with tickets.
             */
            paid: number;
            /**
             * Format: int64
             * @description Given back.
             */
            returned: number;
        };
        /**
         * @description Where an order stands.
         * @enum {string}
         */
        OrderStateView: "awaiting_payment" | "paid" | "expired" | "cancelled" | "returned";
        /** @description Orders in one state. */
        OrderSumView: {
            /**
             * Format: int64
             * @description What they cost.
             */
            amount_minor: number;
            /** @description How many. */
            count: number;
            /** @description Where they stand. */
            state: components["schemas"]["OrderStateView"];
        };
        /** @description An order. */
        OrderView: {
            /** @description When it came to stand where it stands. */
            changed_at: string;
            /** @description ISO 4217. */
            currency: string;
            /**
             * Format: int32
             * @description Decimal digits of the currency's smallest unit.
             */
            currency_decimals: number;
            /** @description The event. */
            event: components["schemas"]["EventRef"];
            /** @description Its id. */
            id: string;
            /** @description The places. */
            items: components["schemas"]["ItemView"][];
            /** @description Every attempt to pay it, oldest first. */
            payments: components["schemas"]["PaymentView"][];
            /** @description When it was placed. */
            placed_at: string;
            /** @description Whether the fan can still return it. */
            returnable: boolean;
            /** @description Where it stands. */
            state: components["schemas"]["OrderStateView"];
            /** @description Ids of its tickets. */
            tickets: string[];
            /**
             * Format: int64
             * @description What all of it costs, fees included.
             */
            total_minor: number;
        };
        /**
         * @description Who asked for a change.
         * @enum {string}
         */
        OriginView: "clock" | "fan" | "operator" | "provider";
        /** @description All of it at a glance. */
        OverviewFrame: {
            /**
             * Format: int64
             * @description Events that have an owner now.
             */
            actors: number;
            /** @description When. */
            at: string;
            /**
             * Format: int64
             * @description Places nobody has.
             */
            free: number;
            /**
             * Format: int64
             * @description Places held.
             */
            held: number;
            hold_latency?: components["schemas"]["LatencyView"] | null;
            /**
             * Format: int64
             * @description Fans called or admitted.
             */
            inside: number;
            /** @description Nodes that live. */
            nodes: number;
            /** @description Nodes that said how they do. */
            nodes_heard: number;
            /**
             * Format: int64
             * @description Sales that are open, within their window.
             */
            on_sale: number;
            rates?: components["schemas"]["Rates"] | null;
            /**
             * Format: int64
             * @description Live sockets of fans.
             */
            sockets: number;
            /**
             * Format: int64
             * @description Places sold.
             */
            sold: number;
            /**
             * Format: int64
             * @description Times that a place would have been sold, or an order charged, twice: the store refused it.
             */
            sold_twice: number;
            /** @description What is wrong, or was within the last half minute. */
            troubles: components["schemas"]["TroubleView"][];
            /**
             * Format: int64
             * @description Fans in line.
             */
            waiting: number;
        };
        /** @description A sale as operators see it. */
        OverviewView: {
            /**
             * Format: int32
             * @description Fans that may be called or admitted at one time.
             */
            admitted_max: number;
            /**
             * Format: int64
             * @description Its owner's fence.
             */
            fence: number;
            /** @description Places nobody has. */
            free: number;
            /** @description Places held. */
            held: number;
            /**
             * Format: int32
             * @description Fans called or admitted.
             */
            inside: number;
            /**
             * Format: int64
             * @description The last record of its journal.
             */
            seq: number;
            /** @description Places sold. */
            sold: number;
            /** @description Whether it runs, as operators set it. */
            status: components["schemas"]["StatusView"];
            /**
             * Format: int32
             * @description Fans in line.
             */
            waiting: number;
        };
        /** @description How the sales stand that a node owns. */
        OwnsView: {
            /**
             * Format: int64
             * @description Events.
             */
            actors: number;
            /**
             * Format: int64
             * @description Those that another node should own.
             */
            misplaced: number;
            /**
             * Format: int64
             * @description Those that are open, within their window.
             */
            on_sale: number;
            /**
             * Format: int64
             * @description Live sockets of fans on the node, whoever owns their event.
             */
            sockets: number;
            /**
             * Format: int64
             * @description Fans in line.
             */
            waiting: number;
        };
        /** @description A page of a list. */
        Page_EventCard: {
            /** @description What is on it. */
            items: {
                /** @description Its id. */
                id: string;
                poster?: components["schemas"]["ImageView"] | null;
                /** @description How its sale stands. */
                sale: components["schemas"]["SaleView"];
                /** @description When it begins. */
                starts_at: string;
                /** @description What it is called. */
                title: string;
                /** @description Where it is. */
                venue: string;
                /** @description The same in each language, if it has a name in each. */
                venue_name: components["schemas"]["TextView"];
            }[];
            /** @description Pass it as `cursor` for the next page; absent on the last. */
            next?: string | null;
        };
        /** @description A page of a list. */
        Page_OrderView: {
            /** @description What is on it. */
            items: {
                /** @description When it came to stand where it stands. */
                changed_at: string;
                /** @description ISO 4217. */
                currency: string;
                /**
                 * Format: int32
                 * @description Decimal digits of the currency's smallest unit.
                 */
                currency_decimals: number;
                /** @description The event. */
                event: components["schemas"]["EventRef"];
                /** @description Its id. */
                id: string;
                /** @description The places. */
                items: components["schemas"]["ItemView"][];
                /** @description Every attempt to pay it, oldest first. */
                payments: components["schemas"]["PaymentView"][];
                /** @description When it was placed. */
                placed_at: string;
                /** @description Whether the fan can still return it. */
                returnable: boolean;
                /** @description Where it stands. */
                state: components["schemas"]["OrderStateView"];
                /** @description Ids of its tickets. */
                tickets: string[];
                /**
                 * Format: int64
                 * @description What all of it costs, fees included.
                 */
                total_minor: number;
            }[];
            /** @description Pass it as `cursor` for the next page; absent on the last. */
            next?: string | null;
        };
        /** @description What waits for a consumer in one partition of the stream. */
        PartitionView: {
            /**
             * Format: int64
             * @description Messages that the consumer has not taken yet.
             */
            lag: number;
            /**
             * Format: int32
             * @description Which.
             */
            partition: number;
        };
        /** @description A sale as it was after a record of its journal. */
        PastView: {
            /**
             * Format: int32
             * @description Fans called in a minute at most; any number if null.
             */
            admission_rate?: number | null;
            /** @description Fans who might hold places. */
            admitted: number;
            /**
             * Format: int32
             * @description Fans that might be called or admitted at one time.
             */
            admitted_max: number;
            /** @description When the record was decided. */
            at: string;
            /** @description Places taken off sale. */
            blocked: number;
            /** @description Fans whose turn it was and who had not claimed it. */
            called: number;
            /** @description The hash of the chart. */
            chart: string;
            /** @description Places nobody had. */
            free: number;
            /** @description Places held. */
            held: number;
            /** @description Holds by how long they had been there, the youngest first. */
            holds: components["schemas"]["HoldAgeView"][];
            /**
             * Format: int64
             * @description The last record of the journal, as of the question.
             */
            last: number;
            /** @description Payments, and where their money was. */
            money: components["schemas"]["MoneyView"];
            /** @description Orders by where they stood. */
            orders: components["schemas"]["OrderCountsView"];
            /**
             * @description By place, in base64: 0 is free, 1 sold, 2 not for sale, and from 3 on held, for so many whole
             *     minutes more than 3 says, at most 12.
             */
            places: string;
            /**
             * Format: int64
             * @description Which record.
             */
            seq: number;
            /** @description Places sold. */
            sold: number;
            /** @description Whether the sale ran, as operators had set it. */
            status: components["schemas"]["StatusView"];
            /**
             * Format: int32
             * @description Fans in line.
             */
            waiting: number;
        };
        /** @description An attempt to pay that has begun, and where to send the browser. */
        PaymentStartedView: {
            /** @description The order. */
            order: components["schemas"]["OrderView"];
            /** @description The attempt's id: the provider's `orderId`. */
            payment: string;
            /** @description The provider's page, with everything that it needs. */
            window_url: string;
        };
        /**
         * @description Where a payment's money is.
         * @enum {string}
         */
        PaymentStateView: "started" | "declined" | "captured" | "refund_due" | "refunded";
        /** @description Payments in one state. */
        PaymentSumView: {
            /**
             * Format: int64
             * @description What was captured.
             */
            amount_minor: number;
            /** @description How many. */
            count: number;
            /** @description Where their money is. */
            state: components["schemas"]["PaymentStateView"];
        };
        /** @description An attempt to pay. */
        PaymentView: {
            /**
             * Format: int64
             * @description What was captured.
             */
            captured_minor: number;
            /** @description Why the provider declined; empty if it did not. */
            decline_code: string;
            /** @description Its id. */
            id: string;
            /** @description When it was started. */
            started_at: string;
            /** @description Where its money is. */
            state: components["schemas"]["PaymentStateView"];
        };
        /** @description Somebody who has more than the least role. */
        PersonView: {
            /** @description When the account was made. */
            created_at: string;
            /** @description Its e-mail address. */
            email: string;
            /** @description The account's id. */
            id: string;
            /** @description What to call them. */
            name: string;
            /** @description What they may do. */
            role: components["schemas"]["RoleView"];
        };
        /** @description An image that something is to have. */
        PictureBody: {
            /** @description What it shows, for those who do not see it. */
            alt: components["schemas"]["TextView"];
            /** @description The hash of a kept image. */
            image: string;
        };
        /** @description Where an event is, as fans see it. */
        PlaceView: {
            /** @description Street and number; may be empty. */
            address: string;
            /** @description Its town; may be empty. */
            city: string;
            /** @description ISO 3166-1 alpha-2; may be empty. */
            country: string;
            image?: components["schemas"]["ImageView"] | null;
            /** @description IANA; empty if not known. */
            time_zone: string;
        };
        /** @description What a plan comes to; nothing of it is kept. */
        PlanView: {
            /** @description How many general-admission areas. */
            areas: number;
            /** @description For drawing. */
            chart: components["schemas"]["ChartView"];
            /** @description The hash that its chart would have. */
            hash: string;
            /** @description How many rows it has. */
            rows: number;
            /** @description How many tables. */
            tables: number;
        };
        /** @description What one place costs. */
        PriceView: {
            /**
             * Format: int64
             * @description For the place.
             */
            amount_minor: number;
            /**
             * Format: int64
             * @description For the service, on top.
             */
            fee_minor: number;
            /** @description As what. */
            ticket_type: string;
        };
        /** @description A category with its prices; one without is not for sale. */
        PricedCategoryView: {
            /** @description `#rrggbb`, or empty. */
            color: string;
            /** @description Stable name. */
            key: string;
            /** @description What a fan reads. */
            label: string;
            /** @description One for each ticket type that it is sold as. */
            prices: components["schemas"]["PriceView"][];
        };
        /** @description Problem details (RFC 9457): every error looks like this. */
        ProblemDetails: {
            /** @description What is wrong, for programs; stable. */
            code: string;
            /** @description What is wrong, for people. */
            detail: string;
            /** @description With `faulty`: everything that is wrong, a thousand at most. */
            faults?: components["schemas"]["FaultView"][] | null;
            /** @description With `faulty`: how much is wrong. */
            faults_total?: number | null;
            /** @description With `invalid_value`: which field. */
            field?: string | null;
            /** @description With `ticket_used`: where it was used. */
            gate?: string | null;
            /** @description With `hold_exists`: the hold. */
            hold?: string | null;
            /**
             * Format: int64
             * @description With `unknown_record`: the journal's last one.
             */
            last?: number | null;
            /**
             * Format: int32
             * @description With `hold_limit` and `fan_limit`: the limit.
             */
            max?: number | null;
            /** @description With `sale_not_open`: when it opens. */
            opens_at?: string | null;
            /** @description With `taken`: the places that somebody else has. */
            places?: number[] | null;
            /** @description Finds the request in the server's logs. */
            request_id: string;
            /**
             * Format: int64
             * @description When to ask again, in milliseconds.
             */
            retry_after_ms?: number | null;
            /**
             * Format: int32
             * @description The HTTP status.
             */
            status: number;
            /** @description The status in words. */
            title: string;
            /** @description Where the code is described. */
            type: string;
            /** @description With `ticket_used`: when it was used. */
            used_at?: string | null;
        };
        /** @description What happens a second. */
        Rates: {
            /**
             * Format: double
             * @description Commands that are decided.
             */
            commands: number;
            /**
             * Format: double
             * @description Holds that become durable.
             */
            holds: number;
            /**
             * Format: double
             * @description Tickets that become durable.
             */
            tickets: number;
        };
        /** @description All nodes are to have as many events as each other. */
        RebalanceBody: {
            /** @description Only say what would move. */
            preview?: boolean;
            /** @description Why: 3 to 500 characters. It is kept. Only asking needs none. */
            reason?: string;
        };
        /** @description A ticket shown at a gate. */
        RedeemBody: {
            /** @description What the QR shows. */
            code: string;
            /** @description Where. */
            gate: string;
        };
        /** @description A new account. */
        RegisterBody: {
            /** @description An e-mail address. */
            email: string;
            /** @description What to call its owner: 1 to 80 characters. */
            name: string;
            /** @description At least 10 characters, at most 200. */
            password: string;
        };
        /**
         * @description Whether a rehearsal is still there.
         * @enum {string}
         */
        RehearsalStateView: "made" | "wiping" | "wiped";
        /** @description A rehearsal in a list. */
        RehearsalView: {
            /** @description Places held. */
            held?: number | null;
            /** @description Its id. */
            id: string;
            /** @description When it was made. */
            made_at: string;
            /** @description The draft or event that it is a copy of. */
            of: string;
            sale?: components["schemas"]["SaleView"] | null;
            /** @description Places sold. */
            sold?: number | null;
            /** @description Whether it is still there. */
            state: components["schemas"]["RehearsalStateView"];
            /** @description What it is called. */
            title: string;
        };
        /** @description What to make a rehearsal of. */
        RehearseBody: {
            /** @description The id of a draft or of a published event. */
            of: string;
            /** @description Only say what would be made. */
            preview?: boolean;
            /** @description Why: 3 to 500 characters. It is kept. Only asking needs none. */
            reason?: string;
        };
        /** @description A rehearsal that is made: the same plan, prices and limits, on sale at once. */
        RehearseView: {
            /**
             * Format: int32
             * @description Fans that may be called or admitted at one time.
             */
            admitted_max: number;
            /** @description Until when it is on sale. */
            closes_at: string;
            /** @description Whether it was made; not if it was only asked about. */
            done: boolean;
            /** @description Its id; absent if it was only asked what would be made. */
            id?: string | null;
            /** @description Whether it can be paid for, at the payment company's sandbox. */
            paid: boolean;
            /** @description How many places it has. */
            places: number;
            /** @description What it is called. */
            title: string;
        };
        /** @description Commands that were rejected with a code. */
        RejectionsView: {
            /** @description The code. */
            code: string;
            /**
             * Format: int64
             * @description How many.
             */
            count: number;
        };
        /** @description What brings records from the journals to the stream. */
        RelayView: {
            /** @description Before then the stream has every record of the others. */
            complete_until: string;
            /**
             * Format: int64
             * @description Rounds that failed since the process began.
             */
            failures: number;
            /**
             * Format: int64
             * @description Records that the stream has not acknowledged.
             */
            lag_records: number;
            /** @description The node that does. */
            node: string;
            /**
             * Format: double
             * @description Messages that the stream acknowledges a second.
             */
            published?: number | null;
            /**
             * Format: int64
             * @description Events with a record that cannot be relayed.
             */
            stuck_events: number;
        };
        /** @description A dead letter to publish again. */
        ReplayBody: {
            /** @description Which, as lists name it: consumer, partition, offset. */
            position: string;
            /** @description Only say what would be published. */
            preview?: boolean;
            /** @description Why: 3 to 500 characters. It is kept. Only asking needs none. */
            reason?: string;
        };
        /** @description A dead letter that is published again, for every consumer, and listed no more. */
        ReplayView: {
            /**
             * Format: int64
             * @description Its bytes.
             */
            bytes: number;
            /** @description Whether it was published; not if it was only asked about. */
            done: boolean;
            /** @description Of which event; empty if it does not say. */
            event: string;
            /** @description Which. */
            position: string;
            /** @description Why it could not be read. */
            reason: string;
            /**
             * Format: int64
             * @description The record that it says it is.
             */
            seq?: number | null;
        };
        /**
         * @description What an account may do.
         * @enum {string}
         */
        RoleView: "fan" | "viewer" | "operator" | "administrator";
        /** @description Limits and times of a sale. */
        RulesView: {
            /**
             * Format: int64
             * @description Seconds to claim a turn.
             */
            claim_ttl_s: number;
            /**
             * Format: int64
             * @description Seconds by which it can be extended, once; 0 if not at all.
             */
            hold_extension_s: number;
            /**
             * Format: int64
             * @description Seconds that a hold lasts.
             */
            hold_ttl_s: number;
            /**
             * Format: int32
             * @description Places of one fan.
             */
            places_per_fan_max: number;
            /**
             * Format: int32
             * @description Places in one hold.
             */
            places_per_hold_max: number;
            /** @description Until when tickets can be returned. */
            refunds_until: string;
            /**
             * Format: int64
             * @description Seconds to hold places once admitted.
             */
            session_ttl_s: number;
        };
        /** @description How a sale stands, all of it at one record of its journal. */
        SaleBooksView: {
            /**
             * Format: int32
             * @description Fans called in a minute at most; any number if null.
             */
            admission_rate?: number | null;
            /** @description Live holds by age, the youngest first. */
            ages: components["schemas"]["AgeView"][];
            /** @description Places taken off sale. */
            blocked: number;
            /** @description From when on not any more. */
            closes_at: string;
            /** @description ISO 4217. */
            currency: string;
            /**
             * Format: int32
             * @description Decimal digits of the currency's smallest unit.
             */
            currency_decimals: number;
            /** @description The oldest live holds. */
            holds: components["schemas"]["HeldView"][];
            /** @description What those in line are told; null if nothing. */
            notice?: string | null;
            /** @description From when on places can be held. */
            opens_at: string;
            /** @description Orders by state; states that none is in are absent. */
            orders: components["schemas"]["OrderSumView"][];
            /** @description As a whole. */
            overview: components["schemas"]["OverviewView"];
            /** @description Payments by state, with what was captured; states that none is in are absent. */
            payments: components["schemas"]["PaymentSumView"][];
            /** @description The oldest orders that await payment. */
            unpaid: components["schemas"]["UnpaidView"][];
            /** @description The oldest payments whose outcome is open, or whose money is owed back. */
            unsettled: components["schemas"]["UnsettledView"][];
        };
        /** @description One sale. */
        SaleFrame: {
            /** @description When. */
            at: string;
            /** @description Its event. */
            event: string;
            sale?: components["schemas"]["SaleBooksView"] | null;
        };
        /**
         * @description How a sale stands, in a word.
         * @enum {string}
         */
        SaleState: "scheduled" | "lobby" | "open" | "paused" | "sold_out" | "closed";
        /** @description How a sale stands. */
        SaleView: {
            /** @description From when on not any more. */
            closes_at: string;
            /** @description Places with a price. */
            for_sale: number;
            /** @description From when on fans may stand in line. */
            lobby_opens_at: string;
            /** @description From when on places can be held. */
            opens_at: string;
            /** @description In a word. */
            state: components["schemas"]["SaleState"];
            /** @description Places held or sold. */
            taken: number;
        };
        /** @description Sales of one hour in one section and category. */
        SalesLineView: {
            /** @description The key of the category. */
            category: string;
            /**
             * Format: date-time
             * @description The hour's first moment, UTC.
             */
            hour: string;
            /**
             * Format: int64
             * @description Tickets given back.
             */
            returned: number;
            /**
             * Format: int64
             * @description The same of those given back.
             */
            returned_minor: number;
            /** @description The section's label. */
            section: string;
            /**
             * Format: int64
             * @description Tickets issued.
             */
            sold: number;
            /**
             * Format: int64
             * @description What was paid for those issued: places and their fees, without what an order costs beside
             *     them.
             */
            sold_minor: number;
        };
        /** @description What was sold and given back, counted from the record stream: seconds old when all is well. */
        SalesView: {
            /** @description ISO 4217. */
            currency: string;
            /** @description By hour, section and category; hours in which nothing happened are absent. */
            lines: components["schemas"]["SalesLineView"][];
        };
        /** @description A named part of the venue. */
        SectionView: {
            /** @description The way in, or empty. */
            entrance: string;
            /** @description What a fan reads. */
            label: string;
            /** @description Corners, `[x, y]`; empty if it has no shape of its own. */
            outline: number[][];
        };
        /** @description Which places to hold. */
        SelectionBody: {
            /** @description What is wanted. */
            items: components["schemas"]["WantedBody"][];
            /** @enum {string} */
            type: "places";
        } | {
            /**
             * Format: int32
             * @description How many of them for wheelchair users.
             */
            accessible?: number;
            /** @description Only these categories, by key; any if absent. */
            categories?: string[];
            /**
             * Format: int32
             * @description How many.
             */
            quantity: number;
            /** @description Only this section, by label. */
            section?: string | null;
            /** @description As what: the key of a ticket type. */
            ticket_type: string;
            /** @enum {string} */
            type: "best_available";
        };
        /** @description Who is signed in. */
        SessionView: {
            /** @description Its e-mail address. */
            email: string;
            /** @description The account's id. */
            id: string;
            /** @description What to call its owner. */
            name: string;
            /** @description What its owner may do. */
            role: components["schemas"]["RoleView"];
        };
        /** @description What an account may do from now on. */
        SetRoleBody: {
            /** @description Why: 3 to 500 characters. It is kept. */
            reason: string;
            /** @description What. */
            role: components["schemas"]["RoleView"];
        };
        /** @description Other terms for a published event. */
        SetTermsBody: {
            /** @description What it is to be. */
            event: components["schemas"]["DraftBody"];
            /** @description The event as it was read. */
            seen: components["schemas"]["DraftBody"];
        };
        /**
         * @description Where a setting came from.
         * @enum {string}
         */
        SettingOriginView: "default" | "file" | "environment" | "flag";
        /** @description A setting in force. */
        SettingView: {
            /** @description Which file, variable or flag that is; empty if none. */
            from: string;
            /** @description As a file names it. */
            name: string;
            /** @description Where it came from. */
            origin: components["schemas"]["SettingOriginView"];
            /** @description As text; null if it is a secret: it is given then, and not shown. */
            value?: string | null;
        };
        /** @description The settings that are in force on a node. */
        SettingsView: {
            /** @description The node: the one that answers. */
            node: string;
            /** @description By name. */
            settings: components["schemas"]["SettingView"][];
        };
        /** @description Who is to have the role that a link gives. */
        SetupBody: {
            /** @description An e-mail address. */
            email: string;
            /** @description What to call its owner: 1 to 80 characters. */
            name: string;
            /** @description At least 10 characters, at most 200. */
            password: string;
            /** @description The token of the link. */
            token: string;
        };
        /** @description Whom a link is for. */
        SetupLinkBody: {
            /** @description What the account that is made with it may do. */
            role: components["schemas"]["StaffRole"];
        };
        /** @description A link that makes one account, once, within half an hour. It replaces the one before. */
        SetupLinkView: {
            /** @description Where to open it. */
            url: string;
        };
        /** @description An e-mail address and a password. */
        SignInBody: {
            /** @description The e-mail address. */
            email: string;
            /** @description The password. */
            password: string;
        };
        /**
         * @description What an account may do that is made with a link.
         * @enum {string}
         */
        StaffRole: "viewer" | "operator" | "administrator";
        /** @description Where a fan stands. */
        StandingBody: {
            /** @enum {string} */
            type: "outside";
        } | {
            /**
             * Format: int32
             * @description How many wait before it now.
             */
            ahead: number;
            /**
             * Format: int64
             * @description The place: never changes. Live frames tell how many wait before it.
             */
            number: number;
            /** @enum {string} */
            type: "waiting";
        } | {
            /**
             * Format: int64
             * @description Until when it can be claimed, in milliseconds since 1970.
             */
            claim_by_ms: number;
            /** @enum {string} */
            type: "called";
        } | {
            /** @enum {string} */
            type: "admitted";
            /**
             * Format: int64
             * @description Until when places can be held, in milliseconds since 1970.
             */
            until_ms: number;
        };
        /**
         * @description Whether a sale runs.
         * @enum {string}
         */
        StatusView: "open" | "paused" | "closed";
        /** @description Records for others, and frames to browsers. */
        StreamsFrame: {
            /** @description When. */
            at: string;
            /** @description False if a node did not say what it does. */
            complete: boolean;
            /** @description Who reads the stream. */
            consumers: components["schemas"]["ConsumerView"][];
            /** @description What nodes send to browsers. */
            nodes: components["schemas"]["NodeStreamsView"][];
            relay?: components["schemas"]["RelayView"] | null;
        };
        /** @description A text in the languages that fans read. */
        TextView: {
            /** @description English. */
            en: string;
            /** @description Korean. */
            ko: string;
        };
        /** @description The keys that a gate checks tickets with. */
        TicketKeysView: {
            /** @description Ed25519 public keys as base64url, the current one first. */
            keys: string[];
        };
        /**
         * @description What a ticket is good for.
         * @enum {string}
         */
        TicketStateView: "valid" | "redeemed" | "void";
        /** @description As what a place can be bought. */
        TicketTypeView: {
            /** @description Stable name. */
            key: string;
            /** @description What a fan reads. */
            label: string;
        };
        /** @description A ticket. */
        TicketView: {
            /** @description The row, table or area. */
            block: string;
            /** @description What its QR shows. */
            code: string;
            /** @description The way in, or empty. */
            entrance: string;
            /** @description The event. */
            event: components["schemas"]["EventRef"];
            /** @description Where it was used. */
            gate?: string | null;
            /** @description Its id. */
            id: string;
            /**
             * Format: int64
             * @description Its number at the event.
             */
            number: number;
            /** @description The order that it was issued for. */
            order: string;
            /** @description When it was used. */
            redeemed_at?: string | null;
            /** @description The seat; empty for general admission. */
            seat: string;
            /** @description The section. */
            section: string;
            /** @description What it is good for. */
            state: components["schemas"]["TicketStateView"];
            /** @description As what it was bought: the key of a ticket type. */
            ticket_type: string;
        };
        /** @description The server's time. */
        TimeView: {
            /**
             * Format: int64
             * @description Milliseconds since 1970.
             */
            now_ms: number;
        };
        /** @description Something that is wrong. */
        TroubleView: {
            /** @description What: stable. */
            code: string;
            /**
             * Format: int64
             * @description How often.
             */
            count: number;
            /** @description Where. */
            node: string;
        };
        /** @description An order that awaits payment. */
        UnpaidView: {
            /** @description Whose account. */
            fan: string;
            /** @description Its id. */
            id: string;
            /** @description When it was placed. */
            placed_at: string;
            /** @description How many places it has. */
            places: number;
            /**
             * Format: int64
             * @description What it costs.
             */
            total_minor: number;
        };
        /** @description A payment that something is still to be done about. */
        UnsettledView: {
            /**
             * Format: int64
             * @description What was captured, or is to be.
             */
            amount_minor: number;
            /** @description Its id. */
            id: string;
            /** @description The order that it pays. */
            order: string;
            /** @description Since when its money has been there. */
            since: string;
            /** @description Where its money is. */
            state: components["schemas"]["PaymentStateView"];
        };
        /** @description A venue as it is filled in. */
        VenueBody: {
            /** @description Street and number; may be empty. */
            address: string;
            /** @description Its town; may be empty. */
            city: string;
            /** @description ISO 3166-1 alpha-2, such as KR; may be empty. */
            country: string;
            /** @description What it is called. */
            name: components["schemas"]["TextView"];
            picture?: components["schemas"]["PictureBody"] | null;
            /** @description IANA, such as Asia/Seoul. */
            time_zone: string;
        };
        /** @description A venue that is kept. */
        VenueView: {
            /** @description Its id. */
            id: string;
            /** @description What has been filled in. */
            venue: components["schemas"]["VenueBody"];
            /**
             * Format: int32
             * @description One more with each change.
             */
            version: number;
        };
        /** @description Something that can be held. */
        WantedBody: {
            /**
             * Format: int32
             * @description Its index in the chart.
             */
            place: number;
            /** @description As what: the key of a ticket type. */
            ticket_type: string;
            /** @enum {string} */
            type: "seat";
        } | {
            /**
             * Format: int32
             * @description Its block's index in the chart.
             */
            block: number;
            /** @description As what: the key of a ticket type. */
            ticket_type: string;
            /** @enum {string} */
            type: "table";
        } | {
            /**
             * Format: int32
             * @description Its block's index in the chart.
             */
            block: number;
            /**
             * Format: int32
             * @description How many.
             */
            quantity: number;
            /** @description As what: the key of a ticket type. */
            ticket_type: string;
            /** @enum {string} */
            type: "units";
        };
        /** @description What the provider posts when a payment changed; only the order id is believed. */
        WebhookBody: {
            /** @description What the message is about. */
            data: components["schemas"]["WebhookData"];
        };
        /** @description What a webhook is about. */
        WebhookData: {
            /** @description The id under which the payment was begun. */
            orderId: string;
        };
        /** @description Wiping a rehearsal. */
        WipeBody: {
            /** @description Only say what would be wiped. */
            preview?: boolean;
            /** @description Why: 3 to 500 characters. It is kept. Only asking needs none. */
            reason?: string;
        };
        /** @description What is wiped of a rehearsal: everything, for good. */
        WipeView: {
            /**
             * Format: int64
             * @description What was authorised at the payment company's sandbox.
             */
            authorisations: number;
            /** @description Whether it was wiped; not if it was only asked about. */
            done: boolean;
            /**
             * Format: int64
             * @description Orders.
             */
            orders: number;
            /**
             * Format: int64
             * @description Attempts to pay.
             */
            payments: number;
            /**
             * Format: int64
             * @description Records of its journal.
             */
            records: number;
            /**
             * Format: int64
             * @description Tickets.
             */
            tickets: number;
            /** @description What it is called. */
            title: string;
        };
    };
    responses: never;
    parameters: never;
    requestBodies: never;
    headers: never;
    pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
    register: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["RegisterBody"];
            };
        };
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SessionView"];
                };
            };
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProblemDetails"];
                };
            };
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProblemDetails"];
                };
            };
        };
    };
    chart: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                hash: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ChartView"];
                };
            };
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProblemDetails"];
                };
            };
        };
    };
    list_events: {
        parameters: {
            query?: {
                /** @description Where the last page ended: its `next`. */
                cursor?: string;
                /** @description How many: 1 to 100. */
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page_EventCard"];
                };
            };
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProblemDetails"];
                };
            };
        };
    };
    show_event: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                event: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["EventView"];
                };
            };
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProblemDetails"];
                };
            };
        };
    };
    place_hold: {
        parameters: {
            query?: never;
            header?: {
                "Idempotency-Key"?: string | null;
            };
            path: {
                event: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SelectionBody"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HoldView"];
                };
            };
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProblemDetails"];
                };
            };
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProblemDetails"];
                };
            };
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProblemDetails"];
                };
            };
        };
    };
    live: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                event: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description WebSocket (RFC 6455) */
            101: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProblemDetails"];
                };
            };
            426: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProblemDetails"];
                };
            };
        };
    };
    me: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                event: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["MeView"];
                };
            };
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProblemDetails"];
                };
            };
        };
    };
    join: {
        parameters: {
            query?: never;
            header?: {
                "Idempotency-Key"?: string | null;
            };
            path: {
                event: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["StandingBody"];
                };
            };
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProblemDetails"];
                };
            };
        };
    };
    leave: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                event: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["StandingBody"];
                };
            };
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProblemDetails"];
                };
            };
        };
    };
    claim: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                event: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["StandingBody"];
                };
            };
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProblemDetails"];
                };
            };
        };
    };
    redeem: {
        parameters: {
            query?: never;
            header?: {
                "Idempotency-Key"?: string | null;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["RedeemBody"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TicketView"];
                };
            };
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProblemDetails"];
                };
            };
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProblemDetails"];
                };
            };
        };
    };
    release: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                hold: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProblemDetails"];
                };
            };
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProblemDetails"];
                };
            };
        };
    };
    change: {
        parameters: {
            query?: never;
            header?: {
                "Idempotency-Key"?: string | null;
            };
            path: {
                hold: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ChangeHoldBody"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HoldView"];
                };
            };
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProblemDetails"];
                };
            };
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProblemDetails"];
                };
            };
        };
    };
    extend: {
        parameters: {
            query?: never;
            header?: {
                "Idempotency-Key"?: string | null;
            };
            path: {
                hold: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HoldView"];
                };
            };
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProblemDetails"];
                };
            };
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProblemDetails"];
                };
            };
        };
    };
    place_order: {
        parameters: {
            query?: never;
            header?: {
                "Idempotency-Key"?: string | null;
            };
            path: {
                hold: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OrderView"];
                };
            };
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProblemDetails"];
                };
            };
        };
    };
    show_image: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                hash: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "image/*": number[];
                };
            };
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProblemDetails"];
                };
            };
        };
    };
    list_artists: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ArtistView"][];
                };
            };
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProblemDetails"];
                };
            };
        };
    };
    add_artist: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["AddArtistBody"];
            };
        };
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ArtistView"];
                };
            };
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProblemDetails"];
                };
            };
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProblemDetails"];
                };
            };
        };
    };
    remove_artist: {
        parameters: {
            query: {
                /** @description The version that was seen. */
                version: number;
                /** @description Why: 3 to 500 characters. It is kept. */
                reason: string;
            };
            header?: never;
            path: {
                artist: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProblemDetails"];
                };
            };
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProblemDetails"];
                };
            };
        };
    };
    change_artist: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                artist: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ChangeArtistBody"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ArtistView"];
                };
            };
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProblemDetails"];
                };
            };
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProblemDetails"];
                };
            };
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProblemDetails"];
                };
            };
        };
    };
    charts: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ChartEntryView"][];
                };
            };
        };
    };
    keep_plan: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** @description A seats.io chart or a pretix seating plan, at most 32 MiB. */
        requestBody: {
            content: {
                "application/json": unknown;
            };
        };
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["KeptPlanView"];
                };
            };
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProblemDetails"];
                };
            };
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProblemDetails"];
                };
            };
        };
    };
    check_plan: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** @description A seats.io chart or a pretix seating plan, at most 32 MiB. */
        requestBody: {
            content: {
                "application/json": unknown;
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PlanView"];
                };
            };
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProblemDetails"];
                };
            };
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProblemDetails"];
                };
            };
        };
    };
    set_chart_venue: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                hash: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ChartVenueBody"];
            };
        };
        responses: {
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProblemDetails"];
                };
            };
        };
    };
    list_drafts: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DraftEntryView"][];
                };
            };
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProblemDetails"];
                };
            };
        };
    };
    begin_draft: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["DraftBody"];
            };
        };
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DraftView"];
                };
            };
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProblemDetails"];
                };
            };
        };
    };
    show_draft: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                draft: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DraftView"];
                };
            };
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProblemDetails"];
                };
            };
        };
    };
    remove_draft: {
        parameters: {
            query: {
                /** @description The version that was seen. */
                version: number;
            };
            header?: never;
            path: {
                draft: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProblemDetails"];
                };
            };
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProblemDetails"];
                };
            };
        };
    };
    change_draft: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                draft: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ChangeDraftBody"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DraftView"];
                };
            };
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProblemDetails"];
                };
            };
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProblemDetails"];
                };
            };
        };
    };
    publish_draft: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                draft: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["DraftVersionBody"];
            };
        };
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["NewEventView"];
                };
            };
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProblemDetails"];
                };
            };
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProblemDetails"];
                };
            };
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProblemDetails"];
                };
            };
        };
    };
    create_event: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewEventBody"];
            };
        };
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["NewEventView"];
                };
            };
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProblemDetails"];
                };
            };
        };
    };
    overview: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                event: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OverviewView"];
                };
            };
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProblemDetails"];
                };
            };
        };
    };
    sales: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                event: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SalesView"];
                };
            };
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProblemDetails"];
                };
            };
        };
    };
    show_terms: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                event: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DraftBody"];
                };
            };
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProblemDetails"];
                };
            };
        };
    };
    set_terms: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                event: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SetTermsBody"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DraftBody"];
                };
            };
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProblemDetails"];
                };
            };
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProblemDetails"];
                };
            };
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProblemDetails"];
                };
            };
        };
    };
    keep_image: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** @description A PNG, JPEG, WebP or AVIF file, at most 1 MiB and 4,096 pixels a side; what it is its bytes say. */
        requestBody: {
            content: {
                "application/octet-stream": number[];
            };
        };
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["KeptImageView"];
                };
            };
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProblemDetails"];
                };
            };
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProblemDetails"];
                };
            };
        };
    };
    list_people: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PersonView"][];
                };
            };
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProblemDetails"];
                };
            };
        };
    };
    set_role: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                account: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SetRoleBody"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PersonView"];
                };
            };
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProblemDetails"];
                };
            };
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProblemDetails"];
                };
            };
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProblemDetails"];
                };
            };
        };
    };
    list_rehearsals: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RehearsalView"][];
                };
            };
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProblemDetails"];
                };
            };
        };
    };
    rehearse: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["RehearseBody"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RehearseView"];
                };
            };
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProblemDetails"];
                };
            };
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProblemDetails"];
                };
            };
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProblemDetails"];
                };
            };
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProblemDetails"];
                };
            };
        };
    };
    let_bots_in: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                rehearsal: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BotsView"];
                };
            };
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProblemDetails"];
                };
            };
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProblemDetails"];
                };
            };
        };
    };
    wipe_rehearsal: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                rehearsal: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["WipeBody"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["WipeView"];
                };
            };
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProblemDetails"];
                };
            };
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProblemDetails"];
                };
            };
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProblemDetails"];
                };
            };
        };
    };
    make_setup_link: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SetupLinkBody"];
            };
        };
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SetupLinkView"];
                };
            };
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProblemDetails"];
                };
            };
        };
    };
    list_venues: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["VenueView"][];
                };
            };
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProblemDetails"];
                };
            };
        };
    };
    add_venue: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["AddVenueBody"];
            };
        };
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["VenueView"];
                };
            };
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProblemDetails"];
                };
            };
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProblemDetails"];
                };
            };
        };
    };
    remove_venue: {
        parameters: {
            query: {
                /** @description The version that was seen. */
                version: number;
                /** @description Why: 3 to 500 characters. It is kept. */
                reason: string;
            };
            header?: never;
            path: {
                venue: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProblemDetails"];
                };
            };
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProblemDetails"];
                };
            };
        };
    };
    change_venue: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                venue: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ChangeVenueBody"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["VenueView"];
                };
            };
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProblemDetails"];
                };
            };
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProblemDetails"];
                };
            };
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProblemDetails"];
                };
            };
        };
    };
    audit_entries: {
        parameters: {
            query?: {
                /** @description Of this event. */
                event?: string;
                /** @description By this account: its id or its e-mail address. */
                by?: string;
                /** @description Of this action, as entries name it. */
                action?: string;
                /** @description Those before this one. */
                before?: number;
                /** @description How many: 1 to 100. */
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AuditPageView"];
                };
            };
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProblemDetails"];
                };
            };
        };
    };
    check: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AuditCheckView"];
                };
            };
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProblemDetails"];
                };
            };
        };
    };
    export: {
        parameters: {
            query?: {
                /** @description Of this event. */
                event?: string;
                /** @description By this account: its id or its e-mail address. */
                by?: string;
                /** @description Of this action, as entries name it. */
                action?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/x-ndjson": string;
                };
            };
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProblemDetails"];
                };
            };
        };
    };
    dead_letters: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DeadLettersView"];
                };
            };
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProblemDetails"];
                };
            };
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProblemDetails"];
                };
            };
        };
    };
    replay_dead_letter: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ReplayBody"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ReplayView"];
                };
            };
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProblemDetails"];
                };
            };
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProblemDetails"];
                };
            };
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProblemDetails"];
                };
            };
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProblemDetails"];
                };
            };
        };
    };
    act: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                event: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ActionBody"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["EffectView"];
                };
            };
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProblemDetails"];
                };
            };
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProblemDetails"];
                };
            };
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProblemDetails"];
                };
            };
        };
    };
    contention: {
        parameters: {
            query?: {
                /** @description After this record; after the last one if absent. */
                seq?: number;
            };
            header?: never;
            path: {
                event: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ContentionView"];
                };
            };
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProblemDetails"];
                };
            };
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProblemDetails"];
                };
            };
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProblemDetails"];
                };
            };
        };
    };
    journal_records: {
        parameters: {
            query?: {
                /** @description The first of them; the last ones if absent. */
                from?: number;
                /** @description How many: 1 to 100. */
                limit?: number;
                /** @description Those alone that came of the deed which the audit log has under this number, if there are any. */
                deed?: number;
            };
            header?: never;
            path: {
                event: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["JournalView"];
                };
            };
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProblemDetails"];
                };
            };
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProblemDetails"];
                };
            };
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProblemDetails"];
                };
            };
        };
    };
    past_state: {
        parameters: {
            query?: {
                /** @description After this record; after the last one if absent. */
                seq?: number;
            };
            header?: never;
            path: {
                event: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PastView"];
                };
            };
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProblemDetails"];
                };
            };
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProblemDetails"];
                };
            };
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProblemDetails"];
                };
            };
        };
    };
    watch_ops: {
        parameters: {
            query: {
                /** @description Which page. */
                topic: "overview" | "nodes" | "actors" | "sale" | "actor" | "streams";
                /** @description Of one actor or sale: its event. */
                event?: string;
                /** @description Of a table of actors: what it is sorted by. */
                sort?: "rate" | "depth" | "wait" | "turn" | "batch" | "append" | "rejections" | "refusals" | "take_overs" | "unsnapped" | "line" | "sold" | "title" | "snapshot";
                /** @description The largest first. */
                descending?: boolean;
                /** @description In the title or the event's id. */
                text?: string;
                /** @description Only of this node. */
                node?: string;
                /** @description Only with this status. */
                status?: components["schemas"]["StatusView"];
                /** @description Rows before the page. */
                offset?: number;
                /** @description Rows on the page: 1 to 100. */
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description WebSocket (RFC 6455) of such frames */
            101: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpsFrame"];
                };
            };
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProblemDetails"];
                };
            };
            426: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProblemDetails"];
                };
            };
        };
    };
    act_on_node: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                node: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NodeActionBody"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["NodeEffectView"];
                };
            };
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProblemDetails"];
                };
            };
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProblemDetails"];
                };
            };
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProblemDetails"];
                };
            };
        };
    };
    rebalance: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["RebalanceBody"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["NodeEffectView"];
                };
            };
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProblemDetails"];
                };
            };
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProblemDetails"];
                };
            };
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProblemDetails"];
                };
            };
        };
    };
    settings: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SettingsView"];
                };
            };
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProblemDetails"];
                };
            };
        };
    };
    list_orders: {
        parameters: {
            query?: {
                /** @description Where the last page ended: its `next`. */
                cursor?: string;
                /** @description How many: 1 to 100. */
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page_OrderView"];
                };
            };
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProblemDetails"];
                };
            };
        };
    };
    show_order: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                order: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OrderView"];
                };
            };
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProblemDetails"];
                };
            };
        };
    };
    cancel: {
        parameters: {
            query?: never;
            header?: {
                "Idempotency-Key"?: string | null;
            };
            path: {
                order: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OrderView"];
                };
            };
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProblemDetails"];
                };
            };
        };
    };
    start_payment: {
        parameters: {
            query?: never;
            header?: {
                "Idempotency-Key"?: string | null;
            };
            path: {
                order: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PaymentStartedView"];
                };
            };
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProblemDetails"];
                };
            };
        };
    };
    confirm: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                order: string;
                payment: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ConfirmBody"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OrderView"];
                };
            };
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProblemDetails"];
                };
            };
        };
    };
    resolve: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                order: string;
                payment: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OrderView"];
                };
            };
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProblemDetails"];
                };
            };
        };
    };
    give_back: {
        parameters: {
            query?: never;
            header?: {
                "Idempotency-Key"?: string | null;
            };
            path: {
                order: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OrderView"];
                };
            };
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProblemDetails"];
                };
            };
        };
    };
    session: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SessionView"];
                };
            };
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProblemDetails"];
                };
            };
        };
    };
    sign_in: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SignInBody"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SessionView"];
                };
            };
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProblemDetails"];
                };
            };
        };
    };
    sign_out: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    refresh: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SessionView"];
                };
            };
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProblemDetails"];
                };
            };
        };
    };
    set_up: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SetupBody"];
            };
        };
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SessionView"];
                };
            };
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProblemDetails"];
                };
            };
        };
    };
    keys: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TicketKeysView"];
                };
            };
        };
    };
    show_ticket: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                ticket: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TicketView"];
                };
            };
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProblemDetails"];
                };
            };
        };
    };
    time: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TimeView"];
                };
            };
        };
    };
    toss_webhook: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["WebhookBody"];
            };
        };
        responses: {
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
}
