using System.Text.RegularExpressions;

namespace Pharos.Conformance.Tests.Peers.Differential;

/// <summary>Queries that are nearly right: good ones with a word left out, doubled, moved, replaced or put in, and words in any order.</summary>
/// <remarks>What stands in brackets stays whole: its scanner is another one since 3.0.</remarks>
internal sealed partial class MalformedQueries(int seed)
{
    private static readonly string[] Good =
    [
        "sum by (job) (rate(foo{a=\"b\",c=~\"d.*\"}[5m] offset 1m))", "foo + on (a, b) group_left (c) bar", "-foo ^ 2 * 3 % 4 - 1",
        "histogram_quantile(0.9, sum(rate(foo_bucket[5m])) by (le))", "foo == bool 1 and bar or baz unless on (x) qux", "topk(3, foo) > 2",
        "count_values(\"v\", foo)", "label_replace(foo, \"a\", \"$1\", \"b\", \"(.*)\")", "foo @ 123 offset -5m", "foo[5m] @ start()", "foo @ end()",
        "max_over_time(foo[1h:5m] offset 2m)", "\"text\" 'x' `raw`", "1 + 0x1F * 3 / Inf - NaN", "(foo)", "sum without () (foo{})", "avg(foo) without (a,)",
        "foo{__name__=\"bar\",a!=\"x\",b!~\"y\",}", ":foo:bar{a=\"b\"}", "time() atan2 vector(1)", "absent_over_time(foo{a=\"b\"}[5m])",
        "quantile(0.5, foo) by (a)", "foo / ignoring (a) group_right bar",
    ];

    private static readonly string[] Words =
    [
        "foo", "bar", "sum", "by", "without", "on", "ignoring", "group_left", "group_right", "bool", "offset", "and", "or", "unless", "atan2", "(", ")",
        "{", "}", ",", "=", "==", "!=", "=~", "!~", "<", "<=", ">", ">=", "+", "-", "*", "/", "%", "^", "1", "1.5", "\"s\"", "'t'", "`r`", "rate", "topk",
        "count_values", "time", "vector", "inf", "nan", "!", "#x\n", "$", "é", "~", ";", ".", "\"u", "scalar", "label_replace",
    ];

    private readonly Random _random = new(seed);

    public string Next() => _random.Next(10) < 7 ? Changed()
        : string.Join(' ', Enumerable.Range(0, _random.Next(1, 7)).Select(_ => Any(Words)));

    private string Changed()
    {
        var words = Parts().Matches(Any(Good)).Select(static match => match.Value).ToList();
        for (var changes = _random.Next(1, 3); changes > 0 && words.Count > 0; changes--)
        {
            var at = _random.Next(words.Count);
            switch (_random.Next(6))
            {
                case 0:
                    words.RemoveAt(at);
                    break;
                case 1:
                    words.Insert(at, words[at] + " ");
                    break;
                case 2:
                    words.Insert(at, $" {Any(Words)} ");
                    break;
                case 3:
                    words[at] = $" {Any(Words)} ";
                    break;
                case 4 when at + 1 < words.Count:
                    (words[at], words[at + 1]) = (words[at + 1], words[at]);
                    break;
                default:
                    words.RemoveRange(at, words.Count - at);
                    break;
            }
        }
        return string.Concat(words);
    }

    private string Any(string[] from) => from[_random.Next(from.Length)];

    [GeneratedRegex("""\[[^\]]*\]|"[^"]*"|'[^']*'|`[^`]*`|[a-zA-Z_:][\w:]*|\d[\w.]*|==|!=|=~|!~|<=|>=|\s+|.""", RegexOptions.None, 1000)]
    private static partial Regex Parts();
}
