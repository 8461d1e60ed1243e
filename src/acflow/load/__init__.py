"""Landing: from decoded batches to tables of the warehouse. The only package on dlt."""
