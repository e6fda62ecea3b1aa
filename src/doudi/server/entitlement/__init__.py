"""What a person is entitled to on a day: facts of the apps below, put before the law of the library."""
