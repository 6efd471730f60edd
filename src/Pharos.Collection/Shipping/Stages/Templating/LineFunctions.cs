using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Pharos.Query.Templates;
using Pharos.Query.Templates.Execution;
using Pharos.Query.Templates.Functions;
using Pharos.Query.Templates.Values;
using Pharos.Storage.Text;

namespace Pharos.Collection.Shipping.Stages.Templating;

/// <summary>What templates of pipelines may call: Promtail's own functions, and Sprig's for text and numbers.</summary>
internal static class LineFunctions
{
    private const string Any = TemplateFunction.Any;
    private const string Str = TemplateFunction.Text;

    /// <summary>Indents and repetitions are made no longer than this.</summary>
    private const int MaxRepeats = 10_000;

    public static readonly IReadOnlyDictionary<string, TemplateFunction> All = Make();

    private static Dictionary<string, TemplateFunction> Make()
    {
        var all = new Dictionary<string, TemplateFunction>(StringComparer.Ordinal);
        AddPromtail(all);
        AddText(all);
        AddNumbers(all);
        AddOthers(all);
        return all;
    }

    private static void AddPromtail(Dictionary<string, TemplateFunction> all)
    {
        Text(all, "ToLower", static text => text.ToLowerInvariant());
        Text(all, "ToUpper", static text => text.ToUpperInvariant());
        all["Replace"] = new([Str, Str, Str, Any], static c => ReplaceCount(c.Text(0), c.Text(1), c.Text(2), Whole(c[3])));
        Text2(all, "Trim", static (text, cut) => text.Trim(cut.ToCharArray()));
        Text2(all, "TrimLeft", static (text, cut) => text.TrimStart(cut.ToCharArray()));
        Text2(all, "TrimRight", static (text, cut) => text.TrimEnd(cut.ToCharArray()));
        Text2(all, "TrimPrefix", static (text, part) => WithoutPrefix(text, part));
        Text2(all, "TrimSuffix", static (text, part) => WithoutSuffix(text, part));
        Text(all, "TrimSpace", static text => text.Trim());
        all["regexReplaceAll"] = new([Str, Str, Str], static c => Compile(c.Text(0)).ReplaceAll(c.Text(1), c.Text(2)));
        all["regexReplaceAllLiteral"] = new([Str, Str, Str],
            static c => Compile(c.Text(0)).ReplaceAll(c.Text(1), c.Text(2).Replace("$", "$$", StringComparison.Ordinal)));
        all["Hash"] = new([Str, Str], static c => Hash(c.Text(0), c.Text(1), SHA3_256.IsSupported ? SHA3_256.HashData : SHA256.HashData));
        all["Sha2Hash"] = new([Str, Str], static c => Hash(c.Text(0), c.Text(1), SHA256.HashData));
    }

    private static void AddText(Dictionary<string, TemplateFunction> all)
    {
        Text(all, "trim", static text => text.Trim());
        Text(all, "upper", static text => text.ToUpperInvariant());
        Text(all, "lower", static text => text.ToLowerInvariant());
        Text(all, "title", TextFunctions.UpperInitials);
        Text(all, "untitle", static text => text.Length == 0 ? text : char.ToLowerInvariant(text[0]) + text[1..]);
        Text(all, "nospace", static text => string.Concat(text.Where(static c => !char.IsWhiteSpace(c))));
        Text(all, "quote", GoQuote.Quote);
        Text(all, "squote", static text => $"'{text}'");
        Text(all, "b64enc", static text => Convert.ToBase64String(Encoding.UTF8.GetBytes(text)));
        Text(all, "b64dec", FromBase64);
        Text(all, "sha1sum", static text => Convert.ToHexStringLower(SHA1.HashData(Encoding.UTF8.GetBytes(text))));
        Text(all, "sha256sum", static text => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text))));
        Text(all, "snakecase", static text => Joined(text, '_'));
        Text(all, "kebabcase", static text => Joined(text, '-'));
        Text2(all, "trimAll", static (cut, text) => text.Trim(cut.ToCharArray()));
        Text2(all, "trimPrefix", static (part, text) => WithoutPrefix(text, part));
        Text2(all, "trimSuffix", static (part, text) => WithoutSuffix(text, part));
        all["contains"] = new([Str, Str], static c => c.Text(1).Contains(c.Text(0), StringComparison.Ordinal));
        all["hasPrefix"] = new([Str, Str], static c => c.Text(1).StartsWith(c.Text(0), StringComparison.Ordinal));
        all["hasSuffix"] = new([Str, Str], static c => c.Text(1).EndsWith(c.Text(0), StringComparison.Ordinal));
        all["replace"] = new([Str, Str, Str],
            static c => c.Text(0).Length == 0 ? c.Text(2) : c.Text(2).Replace(c.Text(0), c.Text(1), StringComparison.Ordinal));
        all["repeat"] = new([Any, Str], static c => string.Concat(Enumerable.Repeat(c.Text(1), (int)Math.Clamp(Whole(c[0]), 0, MaxRepeats))));
        all["substr"] = new([Any, Any, Str], static c => Part(c.Text(2), Whole(c[0]), Whole(c[1])));
        all["trunc"] = new([Any, Str], static c => Truncated(c.Text(1), Whole(c[0])));
        all["abbrev"] = new([Any, Str], static c => c.Text(1).Length <= Whole(c[0]) || Whole(c[0]) < 4 ? c.Text(1)
            : c.Text(1)[..((int)Whole(c[0]) - 3)] + "...");
        all["indent"] = new([Any, Str], static c => Indented(c.Text(1), Whole(c[0])));
        all["nindent"] = new([Any, Str], static c => "\n" + Indented(c.Text(1), Whole(c[0])));
        all["cat"] = new([Any], static c => string.Join(' ', c.Arguments.Select(Print)), IsVariadic: true);
        all["regexMatch"] = new([Str, Str], static c => Compile(c.Text(0)).Match(c.Text(1)).Success);
        all["regexFind"] = new([Str, Str], static c => Compile(c.Text(0)).Match(c.Text(1)).Value(0));
        all["splitList"] = new([Str, Str], static c => TemplateValue.Strings(c.Text(1).Split(c.Text(0))));
        all["join"] = new([Str, Any], static c => string.Join(c.Text(0), c[1].Kind == TemplateKind.List ? c[1].List.Items.Select(Print) : [Print(c[1])]));
    }

    private static void AddNumbers(Dictionary<string, TemplateFunction> all)
    {
        all["int"] = all["int64"] = all["toInt64"] = new([Any], static c => Whole(c[0]));
        all["float64"] = all["toFloat64"] = new([Any], static c => Real(c[0]));
        all["add"] = new([Any], static c => c.Arguments.Sum(Whole), IsVariadic: true);
        all["sub"] = new([Any, Any], static c => Whole(c[0]) - Whole(c[1]));
        all["mul"] = new([Any], static c => c.Arguments.Aggregate(1L, static (product, value) => product * Whole(value)), IsVariadic: true);
        all["div"] = new([Any, Any], static c => Whole(c[0]) / NotZero(c[1]));
        all["mod"] = new([Any, Any], static c => Whole(c[0]) % NotZero(c[1]));
        all["add1"] = new([Any], static c => Whole(c[0]) + 1);
        all["addf"] = new([Any], static c => c.Arguments.Sum(Real), IsVariadic: true);
        all["subf"] = new([Any, Any], static c => Real(c[0]) - Real(c[1]));
        all["mulf"] = new([Any], static c => c.Arguments.Aggregate(1.0, static (product, value) => product * Real(value)), IsVariadic: true);
        all["divf"] = new([Any, Any], static c => Real(c[0]) / Real(c[1]));
        all["max"] = new([Any], static c => c.Arguments.Max(Whole), IsVariadic: true);
        all["min"] = new([Any], static c => c.Arguments.Min(Whole), IsVariadic: true);
        all["ceil"] = new([Any], static c => Math.Ceiling(Real(c[0])));
        all["floor"] = new([Any], static c => Math.Floor(Real(c[0])));
        all["round"] = new([Any, Any], static c => Math.Round(Real(c[0]), (int)Math.Clamp(Whole(c[1]), 0, 15), MidpointRounding.AwayFromZero));
    }

    private static void AddOthers(Dictionary<string, TemplateFunction> all)
    {
        all["default"] = new([Any, Any], static c => c[1].IsTrue ? c[1] : c[0]);
        all["empty"] = new([Any], static c => !c[0].IsTrue);
        all["coalesce"] = new([Any], static c => Array.Find(c.Arguments, static value => value.IsTrue), IsVariadic: true);
        all["ternary"] = new([Any, Any, "bool"], static c => c[2].Bool ? c[0] : c[1]);
        all["toString"] = new([Any], static c => Print(c[0]));
    }

    private static void Text(Dictionary<string, TemplateFunction> all, string name, Func<string, string> function) =>
        all[name] = new([Str], call => function(call.Text(0)));

    private static void Text2(Dictionary<string, TemplateFunction> all, string name, Func<string, string, string> function) =>
        all[name] = new([Str, Str], call => function(call.Text(0), call.Text(1)));

    private static string WithoutPrefix(string text, string part) => text.StartsWith(part, StringComparison.Ordinal) ? text[part.Length..] : text;

    private static string WithoutSuffix(string text, string part) => text.EndsWith(part, StringComparison.Ordinal) ? text[..^part.Length] : text;

    /// <summary>A negative count replaces all.</summary>
    private static string ReplaceCount(string text, string old, string with, long count)
    {
        if (count < 0 || old.Length == 0)
        {
            return old.Length == 0 ? text : text.Replace(old, with, StringComparison.Ordinal);
        }
        var result = new StringBuilder();
        var at = 0;
        for (; count > 0 && text.IndexOf(old, at, StringComparison.Ordinal) is var found and >= 0; count--)
        {
            result.Append(text, at, found - at).Append(with);
            at = found + old.Length;
        }
        return result.Append(text, at, text.Length - at).ToString();
    }

    /// <summary>The salt is hashed behind the text.</summary>
    private static string Hash(string salt, string text, Func<byte[], byte[]> hash) =>
        Convert.ToHexStringLower(hash(Encoding.UTF8.GetBytes(salt + text)));

    private static string FromBase64(string text)
    {
        var bytes = new byte[text.Length];
        return Convert.TryFromBase64String(text, bytes, out var length) ? Encoding.UTF8.GetString(bytes, 0, length) : "illegal base64 data";
    }

    private static string Joined(string text, char separator)
    {
        var result = new StringBuilder();
        for (var i = 0; i < text.Length; i++)
        {
            var c = text[i];
            if (c is ' ' or '_' or '-')
            {
                result.Append(separator);
                continue;
            }
            if (char.IsUpper(c) && i > 0 && (char.IsLower(text[i - 1]) || (i + 1 < text.Length && char.IsLower(text[i + 1]) && char.IsLetter(text[i - 1]))))
            {
                result.Append(separator);
            }
            result.Append(char.ToLowerInvariant(c));
        }
        return result.ToString();
    }

    /// <summary>By characters, as Sprig: a negative start is the start, a negative end the end.</summary>
    private static string Part(string text, long start, long end)
    {
        var from = (int)Math.Clamp(start, 0, text.Length);
        var to = end < 0 || end > text.Length ? text.Length : (int)end;
        return to <= from ? "" : text[from..to];
    }

    /// <summary>So many characters from the start, or from the end for a negative number.</summary>
    private static string Truncated(string text, long length) => Math.Abs(length) >= text.Length ? text
        : length >= 0 ? text[..(int)length] : text[^(int)-length..];

    private static string Indented(string text, long spaces)
    {
        var pad = new string(' ', (int)Math.Clamp(spaces, 0, MaxRepeats));
        return pad + text.Replace("\n", "\n" + pad, StringComparison.Ordinal);
    }

    private static string Print(TemplateValue value) => GoPrinter.Print(value);

    private static long Whole(TemplateValue value) => value.Kind == TemplateKind.Integer ? value.Integer : (long)Real(value);

    private static long NotZero(TemplateValue value) => Whole(value) is not 0 and var number ? number : throw new TemplateException("division by zero");

    private static double Real(TemplateValue value) => value.Kind switch
    {
        TemplateKind.Integer => value.Integer,
        TemplateKind.Float => value.Float,
        TemplateKind.Bool => value.Bool ? 1 : 0,
        _ when value.IsText && double.TryParse(value.Text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) => number,
        _ => 0,
    };

    private static GoRegex Compile(string pattern)
    {
        try
        {
            return GoRegex.Unanchored(pattern);
        }
        catch (GoRegexException problem)
        {
            throw new TemplateException(problem.Message);
        }
    }
}
