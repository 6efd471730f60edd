using Pharos.Query.Templates;
using Pharos.Query.Templates.Execution;
using Pharos.Query.Templates.Functions;
using Pharos.Query.Templates.Values;
using Pharos.Storage.Text;
using static Pharos.Query.Templates.Execution.TemplateFunction;

namespace Pharos.Alerting.Templates.Functions;

/// <summary>The functions of rule templates. Their host is a <see cref="RuleTemplateContext"/>.</summary>
internal static class PrometheusFunctions
{
    private const string SampleName = "*template.sample";
    private const string ResultName = "template.queryResult";

    public static readonly IReadOnlyDictionary<string, TemplateFunction> All =
        new Dictionary<string, TemplateFunction>(StringComparer.Ordinal)
        {
            ["query"] = new([Text], Query),
            ["first"] = new([ResultName], static call => call[0].Kind == TemplateKind.List && call[0].List.Items.Count > 0
                ? call[0].List.Items[0] : throw new TemplateException("first() called on vector with no elements")),
            ["label"] = new([Text, SampleName], static call => Sample(call[1]).Labels[call.Text(0)]),
            ["value"] = new([SampleName], static call => Sample(call[0]).Value),
            ["strvalue"] = new([SampleName], static call => Sample(call[0]).Labels["__value__"]),
            ["args"] = new([Any], Arguments, IsVariadic: true),
            ["sortByLabel"] = new([Text, ResultName], SortByLabel),
            ["reReplaceAll"] = new([Text, Text, Text], TextFunctions.ReplaceAll),
            ["match"] = new([Text, Text], TextFunctions.Match),
            ["title"] = new([Text], static call => TextFunctions.UpperInitials(call.Text(0))),
            ["toUpper"] = new([Text], static call => call.Text(0).ToUpperInvariant()),
            ["toLower"] = new([Text], static call => call.Text(0).ToLowerInvariant()),
            ["safeHtml"] = new([Text], static call => TemplateValue.SafeHtml(call.Text(0))),
            ["urlQueryEscape"] = new([Text], static call => GoEscape.Query(call.Text(0))),
            ["stripPort"] = new([Text], static call => HostPort.WithoutPort(call.Text(0))),
            ["stripDomain"] = new([Text], static call => HostPort.WithoutDomain(call.Text(0))),
            ["graphLink"] = new([Text], static call => $"/graph?g0.expr={GoEscape.Query(call.Text(0))}&g0.tab=0"),
            ["tableLink"] = new([Text], static call => $"/graph?g0.expr={GoEscape.Query(call.Text(0))}&g0.tab=1"),
            ["humanize"] = new([Any], static call => Humanizing.Metric(Humanizing.ToFloat(call[0]))),
            ["humanize1024"] = new([Any], static call => Humanizing.Binary(Humanizing.ToFloat(call[0]))),
            ["humanizeDuration"] = new([Any], static call => Humanizing.Duration(Humanizing.ToFloat(call[0]))),
            ["humanizePercentage"] = new([Any], static call => Humanizing.Percentage(Humanizing.ToFloat(call[0]))),
            ["humanizeTimestamp"] = new([Any], static call => Humanizing.Timestamp(Humanizing.ToFloat(call[0]))),
            ["toTime"] = new([Any], static call => Humanizing.Time(Humanizing.ToFloat(call[0]))),
            ["toDuration"] = new([Any], static call => Humanizing.ToDuration(Humanizing.ToFloat(call[0]))),
            ["parseDuration"] = new([Text], static call => PrometheusDuration.TryParse(call.Text(0), out var duration)
                ? duration.TotalSeconds
                : throw new TemplateException($"not a valid duration string: {GoQuote.Quote(call.Text(0))}")),
            ["now"] = new([], static call => Context(call).Now.ToUnixTimeMilliseconds() / 1000.0),
            ["externalURL"] = new([], static call => Context(call).ExternalUrl),
            ["pathPrefix"] = new([], static call => PathOf(Context(call).ExternalUrl)),
        };

    private static readonly TemplateType SampleType = new(SampleName)
    {
        Fields =
        [
            ("Labels", static sample => TemplateMap.Of(((TemplateSample)sample).Labels, TemplateType.StringMap)),
            ("Value", static sample => ((TemplateSample)sample).Value),
        ],
    };

    private static readonly TemplateType ResultType = new(ResultName);

    private static RuleTemplateContext Context(TemplateCall call) => (RuleTemplateContext)call.Host!;

    private static TemplateSample Sample(TemplateValue value) => value.Kind == TemplateKind.Object
        ? (TemplateSample)value.Object.Host
        : throw new TemplateException("runtime error: invalid memory address or nil pointer dereference");

    private static TemplateValue Query(TemplateCall call)
    {
        IReadOnlyList<TemplateSample> samples;
        try
        {
            samples = Context(call).Query(call.Text(0));
        }
        catch (Exception problem) when (problem is not (OperationCanceledException or TemplateException))
        {
            throw new TemplateException(problem.Message);
        }
        return new TemplateList(ResultType, [.. samples.Select(static s => (TemplateValue)new TemplateObject(SampleType, s))]);
    }

    private static TemplateValue SortByLabel(TemplateCall call)
    {
        if (call[1].Kind != TemplateKind.List)
        {
            return call[1];
        }
        var label = call.Text(0);
        return call[1].List with
        {
            Items = [.. call[1].List.Items.OrderBy(sample => Sample(sample).Labels[label], StringComparer.Ordinal)],
        };
    }

    private static TemplateValue Arguments(TemplateCall call)
    {
        var entries = new SortedList<string, TemplateValue>(StringComparer.Ordinal);
        for (var i = 0; i < call.Arguments.Length; i++)
        {
            entries.Add(string.Create(System.Globalization.CultureInfo.InvariantCulture, $"arg{i}"), call[i]);
        }
        return new TemplateMap(TemplateType.AnyMap, entries, TemplateValue.None);
    }

    private static string PathOf(string url)
    {
        var host = url.IndexOf("://", StringComparison.Ordinal);
        var path = url.IndexOf('/', host < 0 ? 0 : host + 3);
        return path < 0 ? "" : url[path..].Split('?', '#')[0];
    }
}
