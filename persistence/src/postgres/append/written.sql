-- One row if all of it was written, none if the owner was not what it had to be.
SELECT CASE
    WHEN (SELECT count(*) FROM placed) = cardinality($18::bigint[]) THEN TRUE
    ELSE sales.refuse('a place is newer than the batch that writes it')
END
FROM owner
