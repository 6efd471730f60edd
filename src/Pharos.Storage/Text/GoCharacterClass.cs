namespace Pharos.Storage.Text;

/// <summary>RE2's named classes as the inside of a .NET character class; they are ASCII, unlike .NET's own.</summary>
internal static class GoCharacterClass
{
    /// <summary>The content of <c>\d</c>, <c>\s</c>, <c>\w</c> and their opposites within brackets, or null.</summary>
    public static string? Perl(char letter) => letter switch
    {
        'd' => "0-9",
        'D' => @"\0-/:-\uFFFF",
        's' => @"\t\n\f\r ",
        'S' => @"\0-\x08\x0B\x0E-\x1F!-\uFFFF",
        'w' => "0-9A-Za-z_",
        'W' => @"\0-/:-@\[-\^`{-\uFFFF",
        _ => null,
    };

    /// <summary>The content of <c>[[:name:]]</c>, or null for an unknown name.</summary>
    public static string? Posix(string name, bool negative) => (name, negative) switch
    {
        ("alnum", false) => "0-9A-Za-z",
        ("alnum", true) => @"\0-/:-@\[-`{-\uFFFF",
        ("alpha", false) => "A-Za-z",
        ("alpha", true) => @"\0-@\[-`{-\uFFFF",
        ("ascii", false) => @"\0-\x7F",
        ("ascii", true) => @"\x80-\uFFFF",
        ("blank", false) => @"\t ",
        ("blank", true) => @"\0-\x08\n-\x1F!-\uFFFF",
        ("cntrl", false) => @"\0-\x1F\x7F",
        ("cntrl", true) => @" -~\x80-\uFFFF",
        ("digit", false) => "0-9",
        ("digit", true) => @"\0-/:-\uFFFF",
        ("graph", false) => "!-~",
        ("graph", true) => @"\0- \x7F-\uFFFF",
        ("lower", false) => "a-z",
        ("lower", true) => @"\0-`{-\uFFFF",
        ("print", false) => " -~",
        ("print", true) => @"\0-\x1F\x7F-\uFFFF",
        ("punct", false) => @"!-/:-@\[-`{-~",
        ("punct", true) => @"\0- 0-9A-Za-z\x7F-\uFFFF",
        ("space", false) => @"\t\n\v\f\r ",
        ("space", true) => @"\0-\x08\x0E-\x1F!-\uFFFF",
        ("upper", false) => "A-Z",
        ("upper", true) => @"\0-@\[-\uFFFF",
        ("word", false) => "0-9A-Za-z_",
        ("word", true) => @"\0-/:-@\[-\^`{-\uFFFF",
        ("xdigit", false) => "0-9A-Fa-f",
        ("xdigit", true) => @"\0-/:-@G-`g-\uFFFF",
        _ => null,
    };

    /// <summary>.NET's name for a Unicode category or script, empty for "any", null for an unknown one. .NET knows blocks,
    /// not scripts: a script is taken for its main block.</summary>
    public static string? UnicodeName(string name) => name switch
    {
        "Any" => "",
        "Greek" => "IsGreek",
        "Cyrillic" => "IsCyrillic",
        "Hebrew" => "IsHebrew",
        "Arabic" => "IsArabic",
        "Thai" => "IsThai",
        "Hiragana" => "IsHiragana",
        "Katakana" => "IsKatakana",
        "Han" => "IsCJKUnifiedIdeographs",
        "Armenian" => "IsArmenian",
        "Devanagari" => "IsDevanagari",
        _ when name.Length is 1 or 2 && "LMNPSZC".Contains(name[0], StringComparison.Ordinal) => name,
        _ => null,
    };
}
