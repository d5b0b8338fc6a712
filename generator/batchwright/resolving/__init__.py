"""Every `$ref` of a Document: what it means, where it leads, and made local."""
