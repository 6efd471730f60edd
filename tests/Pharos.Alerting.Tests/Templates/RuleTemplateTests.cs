using Pharos.Alerting.Templates;
using Pharos.Storage.Model;

namespace Pharos.Alerting.Tests.Templates;

public sealed class RuleTemplateTests
{
    private static readonly RuleTemplateContext Context = new()
    {
        Labels = LabelSet.From(("__name__", "m"), ("instance", "host.example.org:9100"), ("job", "node")),
        Value = 0.123456,
        ExternalLabels = LabelSet.From(("region", "eu")),
        ExternalUrl = "http://prom.example/base",
        Now = DateTimeOffset.UnixEpoch.AddSeconds(1.5),
        Query = static expression => expression == "bad" ? throw new InvalidOperationException("no such metric") :
            expression == "none" ? [] :
            [
                new TemplateSample(LabelSet.From(("i", "b"), ("__value__", "x")), 2),
                new TemplateSample(LabelSet.From(("i", "a")), 11),
            ],
    };

    [Theory]
    [InlineData("{{ $x := \"aaaaaaaa\" }}DOUBLED{{ $x }}", "too long")]
    [InlineData("{{ $x := \"aaaaaaaa\" }}DOUBLED{{ reReplaceAll \"a\" $x $x }}", "too")]
    [InlineData("{{ range 100000000 }}{{ end }}", "does not come to an end")]
    public void What_grows_without_end_ends_with_an_error(string text, string problem)
    {
        var doubled = string.Concat(Enumerable.Repeat("{{ $x = print $x $x $x $x }}", 40));
        var template = RuleTemplate.Parse("__alert_A", text.Replace("DOUBLED", doubled, StringComparison.Ordinal));
        Assert.False(template.TryExpand(Context, out var result));
        Assert.Contains(problem, result, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("plain", "plain")]
    [InlineData("{{ $labels.instance }} is {{ $value }}", "host.example.org:9100 is 0.123456")]
    [InlineData("[{{ $labels.missing }}]", "[]")]
    [InlineData("{{ .Labels.job }} {{ .Value }} {{ .ExternalLabels.region }} {{ .ExternalURL }}", "node 0.123456 eu http://prom.example/base")]
    [InlineData("{{ $externalLabels.region }} {{ $externalURL }} {{ externalURL }} {{ pathPrefix }}", "eu http://prom.example/base http://prom.example/base /base")]
    [InlineData("{{ $labels }}", "map[__name__:m instance:host.example.org:9100 job:node]")]
    [InlineData("{{ printf \"%.2f\" $value }}", "0.12")]
    [InlineData("{{ $value | humanizePercentage }}", "12.35%")]
    [InlineData("{{ $labels.instance | stripPort }} {{ $labels.instance | stripDomain }}", "host.example.org host:9100")]
    [InlineData("{{ if gt $value 0.1 }}high{{ else }}low{{ end }}", "high")]
    [InlineData("{{ with query \"q\" }}{{ . | first | value | humanize }} {{ . | first | label \"i\" }} {{ . | first | strvalue }}{{ end }}", "2 b x")]
    [InlineData("{{ range query \"q\" | sortByLabel \"i\" }}{{ .Labels.i }}={{ .Value }};{{ end }}", "a=11;b=2;")]
    [InlineData("{{ range query \"none\" }}x{{ else }}nothing{{ end }}", "nothing")]
    [InlineData("{{ define \"x\" }}{{ .arg0 }}-{{ .arg1 }}{{ end }}{{ template \"x\" (args 1 \"b\") }}", "1-b")]
    [InlineData("{{ \"a b\" | title }} {{ \"aBC\" | title }} {{ \"é\" | toUpper }}", "A B ABC É")]
    [InlineData("{{ graphLink \"up == 1\" }} {{ tableLink \"a&b\" }}", "/graph?g0.expr=up+%3D%3D+1&g0.tab=0 /graph?g0.expr=a%26b&g0.tab=1")]
    [InlineData("{{ reReplaceAll \"(.*):.*\" \"$1\" $labels.instance }} {{ match \"^host\" $labels.instance }}", "host.example.org true")]
    [InlineData("{{ parseDuration \"1h30m\" }} {{ now }} {{ \"a b\" | urlQueryEscape }}", "5400 1.5 a+b")]
    [InlineData("{{ toTime 1.5 }} {{ (toTime 0).Year }} {{ (toDuration 90).Minutes }} {{ toDuration 90 }}", "1970-01-01 00:00:01.5 +0000 UTC 1970 1.5 1m30s")]
    [InlineData("日本 🚨 {{ $labels.job }}", "日本 🚨 node")]
    public void A_text_is_expanded(string text, string expected) =>
        Assert.Equal(expected, RuleTemplate.Parse("__alert_A", text).Expand(Context));

    [Theory]
    [InlineData("{{ if gt $value 5 }}x{{ end }}", "<error expanding template: error executing template __alert_A: template: __alert_A:1:118: executing \"__alert_A\" at <gt $value 5>: error calling gt: incompatible types for comparison>")]
    [InlineData("{{ query \"bad\" }}", "<error expanding template: error executing template __alert_A: template: __alert_A:1:115: executing \"__alert_A\" at <query \"bad\">: error calling query: no such metric>")]
    [InlineData("{{ query \"none\" | first | value }}", "<error expanding template: error executing template __alert_A: template: __alert_A:1:130: executing \"__alert_A\" at <first>: error calling first: first() called on vector with no elements>")]
    [InlineData("{{ $labels.a | nofunc }}", "<error expanding template: error parsing template __alert_A: template: __alert_A:1: function \"nofunc\" not defined>")]
    public void An_error_becomes_the_text(string text, string expected) =>
        Assert.Equal(expected, RuleTemplate.Parse("__alert_A", text).Expand(Context));

    [Fact]
    public void A_syntax_error_is_found_without_expanding()
    {
        Assert.Null(RuleTemplate.Check("__alert_A", "{{ $labels.x | toUpper }} and more"));
        Assert.Equal("template: __alert_A:2: unclosed action", RuleTemplate.Check("__alert_A", "a\n{{ $labels.x"));
        Assert.Equal("template: __alert_A:1: undefined variable \"$nope\"", RuleTemplate.Check("__alert_A", "{{ $nope }}"));
    }

    [Fact]
    public void A_template_that_calls_itself_or_never_ends_is_stopped()
    {
        var recursive = RuleTemplate.Parse("__alert_A", "{{ define \"r\" }}{{ template \"r\" . }}{{ end }}{{ template \"r\" . }}");
        Assert.False(recursive.TryExpand(Context, out var text));
        Assert.Contains("exceeded maximum template depth", text, StringComparison.Ordinal);

        var endless = RuleTemplate.Parse("__alert_A", "{{ range 9000000000 }}{{ end }}");
        Assert.False(endless.TryExpand(Context, out _));

        Assert.NotNull(RuleTemplate.Check("__alert_A", "{{ " + new string('(', 5000) + "1" + new string(')', 5000) + " }}"));
        var huge = RuleTemplate.Parse("__alert_A", "{{ range 9000 }}{{ printf \"%1000d\" 1 }}{{ end }}");
        Assert.False(huge.TryExpand(Context, out _));
    }
}
