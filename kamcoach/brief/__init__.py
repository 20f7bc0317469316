"""The briefing document of a deal: pictures, HTML, Markdown, PDF and Word, laid out by templates of the playbook."""
