using System.Text;
using Pharos.Alerting.Templates.Notifications;
using Pharos.Query.Templates;
using Pharos.Query.Templates.Execution;
using Pharos.Query.Templates.Functions;
using Pharos.Query.Templates.Values;
using Pharos.Storage.Text;
using static Pharos.Query.Templates.Execution.TemplateFunction;
using GoDuration = Pharos.Query.Templates.Functions.GoDuration;

namespace Pharos.Alerting.Templates.Functions;

/// <summary>The functions of notification templates. Their host is a <see cref="NotificationData"/>.</summary>
internal static class AlertmanagerFunctions
{
    private const string Time = "time.Time";

    public static readonly IReadOnlyDictionary<string, TemplateFunction> All =
        new Dictionary<string, TemplateFunction>(StringComparer.Ordinal)
        {
            ["toUpper"] = new([Text], static call => call.Text(0).ToUpperInvariant()),
            ["toLower"] = new([Text], static call => call.Text(0).ToLowerInvariant()),
            ["title"] = new([Text], static call => TextFunctions.TitleCase(call.Text(0))),
            ["trimSpace"] = new([Text], static call => call.Text(0).Trim()),
            ["join"] = new([Text, Strings], static call => string.Join(call.Text(0), Texts(call[1]))),
            ["match"] = new([Text, Text], TextFunctions.Match),
            ["reReplaceAll"] = new([Text, Text, Text], TextFunctions.ReplaceAll),
            ["safeHtml"] = new([Text], static call => TemplateValue.SafeHtml(call.Text(0))),
            ["safeUrl"] = new([Text], static call => TemplateValue.SafeUrl(call.Text(0))),
            ["urlUnescape"] = new([Text], static call => UrlUnescape(call.Text(0))),
            ["stringSlice"] = new([Text], static call => TemplateValue.Strings(call.Arguments.Select(static a => a.Text)), IsVariadic: true),
            ["routeLabels"] = new([Text], static call => ((NotificationData)call.Host!).Notification.RouteLabels[call.Text(0)]),
            ["date"] = new([Text, Time], static call => GoTimeLayout.Format(GoTime.At(call[1]), call.Text(0))),
            ["tz"] = new([Text, Time], static call => InZone(call.Text(0), GoTime.At(call[1]).Time)),
            ["now"] = new([], static call => GoTime.Of(Now(call))),
            ["since"] = new([Time], static call => GoDuration.Of(Now(call) - GoTime.At(call[0]).Time)),
            ["humanizeDuration"] = new([Any], static call => Humanizing.Duration(Humanizing.ToFloat(call[0]))),
            ["toDate"] = new([Text, Text], static call => GoTime.Of(
                GoTimeParser.TryParse(call.Text(0), call.Text(1), out var time) ? time : DateTimeOffset.MinValue)),
            ["mustToDate"] = new([Text, Text], static call => GoTimeParser.TryParse(call.Text(0), call.Text(1), out var time)
                ? GoTime.Of(time)
                : throw new TemplateException($"parsing time {GoQuote.Quote(call.Text(1))} as {GoQuote.Quote(call.Text(0))}: cannot parse")),
            ["toJson"] = new([Any], ToJson),
            ["base64encode"] = new([Text], static call => Convert.ToBase64String(Encoding.UTF8.GetBytes(call.Text(0))).Replace('+', '-').Replace('/', '_')),
            ["base64decode"] = new([Text], Base64Decode),
            ["list"] = new([Any], static call => new TemplateList(TemplateType.AnyList, call.Arguments), IsVariadic: true),
            ["append"] = new(["[]interface {}", Any], static call => new TemplateList(TemplateType.AnyList,
                [.. call[0].Kind == TemplateKind.List ? call[0].List.Items : [], .. call.Arguments[1..]]), IsVariadic: true),
            ["dict"] = new([Any], Dictionary, IsVariadic: true),
        };

    private static DateTimeOffset Now(TemplateCall call) => ((NotificationData)call.Host!).Notification.Now;

    private static IEnumerable<string> Texts(TemplateValue list) =>
        list.Kind == TemplateKind.List ? list.List.Items.Select(static item => item.Text) : [];

    private static TemplateValue InZone(string name, DateTimeOffset time)
    {
        if (name is "" or "UTC" or "Local")
        {
            return GoTime.Of(time.ToUniversalTime());
        }
        if (!TimeZoneInfo.TryFindSystemTimeZoneById(name, out var zone))
        {
            throw new TemplateException("unknown time zone " + name);
        }
        return GoTime.Of(TimeZoneInfo.ConvertTime(time, zone));
    }

    private static TemplateValue ToJson(TemplateCall call)
    {
        var json = new StringBuilder();
        GoJson.Append(json, call[0]);
        return json.ToString();
    }

    private static TemplateValue UrlUnescape(string text)
    {
        for (var i = text.IndexOf('%', StringComparison.Ordinal); i >= 0; i = text.IndexOf('%', i + 1))
        {
            if (i + 2 >= text.Length || !char.IsAsciiHexDigit(text[i + 1]) || !char.IsAsciiHexDigit(text[i + 2]))
            {
                throw new TemplateException("invalid URL escape " + GoQuote.Quote(text[i..Math.Min(i + 3, text.Length)]));
            }
        }
        return Uri.UnescapeDataString(text.Replace('+', ' '));
    }

    private static TemplateValue Base64Decode(TemplateCall call)
    {
        try
        {
            return Encoding.UTF8.GetString(Convert.FromBase64String(call.Text(0).Replace('-', '+').Replace('_', '/')));
        }
        catch (FormatException)
        {
            throw new TemplateException("illegal base64 data");
        }
    }

    private static TemplateValue Dictionary(TemplateCall call)
    {
        if (call.Arguments.Length % 2 != 0)
        {
            throw new TemplateException("dict requires an even number of arguments");
        }
        var entries = new SortedList<string, TemplateValue>(StringComparer.Ordinal);
        for (var i = 0; i < call.Arguments.Length; i += 2)
        {
            entries[call[i].Kind == TemplateKind.Text ? call[i].Text
                : throw new TemplateException("dict keys must be strings")] = call[i + 1];
        }
        return new TemplateMap(TemplateType.AnyMap, entries, TemplateValue.None);
    }
}
