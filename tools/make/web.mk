# The web page.

WEB := $(BUILD)/web
WEB_SOURCES := $(wildcard web/* tools/web/*.mjs package-lock.json README.md docs/*.md docs/*.png docs/*/*.md docs/*/*.png docs/*/*/*.md)

$(WEB)/ashlar.html: $(ELF) $(WEB_SOURCES) | setup
	@echo "  WEB   $(WEB)"
	@node tools/web/build.mjs $(ELF) $(BUILD)/npm $(WEB)
