import java.util.Map;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringSerializer;

/** Publishes one message, as somebody does who is no relay: brokers, topic, key, number, text. */
public class Publish {
    public static void main(String[] given) throws Exception {
        Map<String, Object> settings = Map.of("bootstrap.servers", given[0]);
        var text = new StringSerializer();
        try (var producer = new KafkaProducer<String, String>(settings, text, text)) {
            var message = new ProducerRecord<>(given[1], given[2], given[4]);
            message.headers().add("seq", given[3].getBytes());
            producer.send(message).get();
        }
    }
}
