CREATE TABLE series (
    series_id Int64 NOT NULL,
    title Utf8 NOT NULL,
    released Date,
    PRIMARY KEY (series_id),
    INDEX by_title GLOBAL ON (title)
);
