"""The blocks of the configuration file, by what they are about. `config.schema` puts them together."""
