"""The tour: the main job on the sales data of a fictional company, from CSV files to explained scores."""
