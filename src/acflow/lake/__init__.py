"""The lake: tables of the warehouse as Delta tables, in a folder or a bucket, for every engine that reads Delta."""
