"""What people read: tables and charts made from the documents that programs read."""
