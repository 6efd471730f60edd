using CsCheck;
using Pharos.Query.PromQL.Syntax;

namespace Pharos.Query.Tests.PromQL;

public sealed class ExprPrinterTests
{
    private static readonly Gen<string> Name = Any("foo", "up", "a:b", "sum", "by", "offset", "start", "http_total");

    private static readonly Gen<string> Labels = Any("", "{a=\"b\"}", "{a!=\"x\",b=~\"y.*\"}", "{\"l.x\"=\"é\"}", "{n!~\"q\"}");

    private static readonly Gen<string> Modifier =
        Any("", " offset 5m", " offset -1h30m", " @ 12.345", " @ start()", " @ end() offset 3s");

    private static readonly Gen<string> Selector = Gen.Select(Name, Labels, Modifier, (name, labels, after) => name + labels + after);

    private static readonly Gen<string> Matrix =
        Gen.Select(Name, Labels, Any("[5m]", "[1h + step()]", "[(2m * 3)]"), Modifier,
            (name, labels, range, after) => name + labels + range + after);

    private static readonly Gen<string> Query = Gen.Recursive<string>((depth, self) => depth > 3 ? Selector : Gen.OneOf(
        Selector,
        Gen.Select(self, Any("+", "-", "*", "^", "> bool", "== on (a)", "/ ignoring (a) group_left (b)"), self,
            (left, op, right) => $"({left}) {op} ({right})"),
        Gen.Select(self, Any("and", "or", "unless on ()"), self, (left, op, right) => $"{left} {op} {right}"),
        Gen.Select(Any("sum", "avg by (a, \"l.x\")", "max by (\"NaN\", \"inf\")", "count without (b)", "topk by (c)"), self,
            (op, inner) => op.StartsWith("topk", StringComparison.Ordinal) ? $"{op} (3, {inner})" : $"{op} ({inner})"),
        Matrix.Select(matrix => $"rate({matrix})"),
        self.Select(inner => $"max_over_time(({inner})[1h:5m] offset 1m)"),
        self.Select(inner => $"-({inner})"),
        self.Select(inner => $"label_replace({inner}, \"a\", \"$1\\n\", \"b\", \"(.*)\")"),
        Gen.Double[-1e9, 1e9].Select(self, (number, inner) => $"{number:R} * ({inner})")));

    [Fact]
    public void What_is_printed_parses_back_to_the_same_text() => Query.Sample(query =>
    {
        var printed = PromParser.Parse(query).ToString();
        Assert.Equal(printed, PromParser.Parse(printed).ToString());
    }, iter: 3_000);

    [Theory]
    [InlineData("sum(a)by('b:c','d.e')", "sum by (b:c, \"d.e\") (a)")]
    [InlineData("sum(rate(a[5m]))by(b)/  on(c)group_left d", "sum by (b) (rate(a[5m])) / on (c) group_left () d")]
    [InlineData("foo{b='x',a=`y`}[1h30m:] OFFSET 300", "foo{a=\"y\",b=\"x\"}[1h30m:] offset 5m")]
    [InlineData("-1 ^ 2 # comment", "-1 ^ 2")]
    [InlineData("{__name__=\"up\"}", "{__name__=\"up\"}")]
    [InlineData("1h30m + 0x1F + Inf", "1h30m + 31 + +Inf")]
    public void The_spelling_is_Prometheus_own(string query, string printed) =>
        Assert.Equal(printed, PromParser.Parse(query).ToString());

    private static Gen<string> Any(params string[] texts) => Gen.Int[0, texts.Length - 1].Select(index => texts[index]);
}
