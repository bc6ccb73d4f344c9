/** The words of a text; any run of white space parts them. */
exports.words = (text) => text.split(/\s+/).filter((word) => word !== '');
