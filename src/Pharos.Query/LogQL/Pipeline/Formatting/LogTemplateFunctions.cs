using System.Globalization;
using System.Text;
using Pharos.Query.LogQL.Forms;
using Pharos.Query.Templates;
using Pharos.Query.Templates.Execution;
using Pharos.Query.Templates.Functions;
using Pharos.Query.Templates.Values;
using Pharos.Storage.Text;
using static Pharos.Query.Templates.Execution.TemplateFunction;

namespace Pharos.Query.LogQL.Pipeline.Formatting;

/// <summary>The functions of <c>line_format</c> and <c>label_format</c>. Their host is a <see cref="LogTemplateHost"/>.</summary>
internal static class LogTemplateFunctions
{
    private const string Time = "time.Time";

    public static readonly IReadOnlyDictionary<string, TemplateFunction> All =
        new Dictionary<string, TemplateFunction>(StringComparer.Ordinal)
        {
            ["__line__"] = new([], static call => Host(call).Line),
            ["__timestamp__"] = new([], static call => GoTime.Of(TimeOf(Host(call).TimeNs))),
            ["now"] = new([], static call => GoTime.Of(Host(call).Time.GetUtcNow())),
            ["ToLower"] = new([Text], static call => call.Text(0).ToLowerInvariant()),
            ["ToUpper"] = new([Text], static call => call.Text(0).ToUpperInvariant()),
            ["lower"] = new([Text], static call => call.Text(0).ToLowerInvariant()),
            ["upper"] = new([Text], static call => call.Text(0).ToUpperInvariant()),
            ["title"] = new([Text], static call => TextFunctions.UpperInitials(call.Text(0))),
            ["Replace"] = new([Text, Text, Text, Integer], static call =>
                TextEdit.Replace(call.Text(0), call.Text(1), call.Text(2), call[3].Integer)),
            ["replace"] = new([Text, Text, Text], static call => TextEdit.Replace(call.Text(2), call.Text(0), call.Text(1), -1)),
            ["Trim"] = new([Text, Text], static call => TextEdit.Trim(call.Text(0), call.Text(1), left: true, right: true)),
            ["TrimLeft"] = new([Text, Text], static call => TextEdit.Trim(call.Text(0), call.Text(1), left: true, right: false)),
            ["TrimRight"] = new([Text, Text], static call => TextEdit.Trim(call.Text(0), call.Text(1), left: false, right: true)),
            ["trimAll"] = new([Text, Text], static call => TextEdit.Trim(call.Text(1), call.Text(0), left: true, right: true)),
            ["TrimPrefix"] = new([Text, Text], static call => TextEdit.WithoutPrefix(call.Text(0), call.Text(1))),
            ["TrimSuffix"] = new([Text, Text], static call => TextEdit.WithoutSuffix(call.Text(0), call.Text(1))),
            ["trimPrefix"] = new([Text, Text], static call => TextEdit.WithoutPrefix(call.Text(1), call.Text(0))),
            ["trimSuffix"] = new([Text, Text], static call => TextEdit.WithoutSuffix(call.Text(1), call.Text(0))),
            ["TrimSpace"] = new([Text], static call => call.Text(0).Trim()),
            ["trim"] = new([Text], static call => call.Text(0).Trim()),
            ["trunc"] = new([Integer, Text], static call => TextEdit.Truncate(call[0].Integer, call.Text(1))),
            ["substr"] = new([Integer, Integer, Text], static call => TextEdit.Part(call[0].Integer, call[1].Integer, call.Text(2))),
            ["alignLeft"] = new([Integer, Text], static call => TextEdit.Align(call[0].Integer, call.Text(1), left: true)),
            ["alignRight"] = new([Integer, Text], static call => TextEdit.Align(call[0].Integer, call.Text(1), left: false)),
            ["contains"] = new([Text, Text], static call => call.Text(1).Contains(call.Text(0), StringComparison.Ordinal)),
            ["hasPrefix"] = new([Text, Text], static call => call.Text(1).StartsWith(call.Text(0), StringComparison.Ordinal)),
            ["hasSuffix"] = new([Text, Text], static call => call.Text(1).EndsWith(call.Text(0), StringComparison.Ordinal)),
            ["indent"] = new([Integer, Text], static call => TextEdit.Indent(call[0].Integer, call.Text(1))),
            ["nindent"] = new([Integer, Text], static call => "\n" + TextEdit.Indent(call[0].Integer, call.Text(1))),
            ["repeat"] = new([Integer, Text], static call => TextEdit.Repeat(call[0].Integer, call.Text(1))),
            ["regexReplaceAll"] = new([Text, Text, Text], static call => Compile(call.Text(0)).ReplaceAll(call.Text(1), call.Text(2), Limit())),
            ["regexReplaceAllLiteral"] = new([Text, Text, Text], static call =>
                Compile(call.Text(0)).ReplaceAll(call.Text(1), call.Text(2).Replace("$", "$$", StringComparison.Ordinal), Limit())),
            ["count"] = new([Text, Text], Count),
            ["urlencode"] = new([Text], static call => GoEscape.Query(call.Text(0))),
            ["urldecode"] = new([Text], UrlDecode),
            ["b64enc"] = new([Text], static call => Convert.ToBase64String(Encoding.UTF8.GetBytes(call.Text(0)))),
            ["b64dec"] = new([Text], Base64Decode),
            ["bytes"] = new([Text], static call => UnitText.TryBytes(Encoding.UTF8.GetBytes(call.Text(0)), out var bytes)
                ? (double)bytes : throw new TemplateException($"strconv.ParseFloat: parsing {GoQuote.Quote(call.Text(0))}: invalid syntax")),
            ["duration"] = new([Text], Seconds),
            ["duration_seconds"] = new([Text], Seconds),
            ["unixEpoch"] = new([Time], static call => Epoch(call, 1_000_000_000)),
            ["unixEpochMillis"] = new([Time], static call => Epoch(call, 1_000_000)),
            ["unixEpochNanos"] = new([Time], static call => Epoch(call, 1)),
            ["unixToTime"] = new([Text], UnixToTime),
            ["date"] = new([Text, Time], static call => GoTimeLayout.Format(GoTime.At(call[1]), call.Text(0))),
            ["toDate"] = new([Text, Text], static call => ToDate(call.Text(0), call.Text(1), TimeZoneInfo.Utc)),
            ["toDateInZone"] = new([Text, Text, Text], static call => ToDate(call.Text(0), call.Text(2), Zone(call.Text(1)))),
            ["fromJson"] = new([Text], static call => JsonValue.Read(call.Text(0))),
            ["default"] = new([Any, Any], static call => call.Arguments.Length > 1 && call[1].IsTrue ? call[1] : call[0], IsVariadic: true),
            ["int"] = new([Any], static call => NumberOf.Integer(call[0])),
            ["float64"] = new([Any], static call => NumberOf.Float(call[0])),
            ["add"] = new([Any], static call => Integers(call, static (a, b) => unchecked(a + b)), IsVariadic: true),
            ["sub"] = new([Any, Any], static call => unchecked(NumberOf.Integer(call[0]) - NumberOf.Integer(call[1]))),
            ["mul"] = new([Any, Any], static call => Integers(call, static (a, b) => unchecked(a * b)), IsVariadic: true),
            ["div"] = new([Any, Any], static call => Divide(call, remainder: false)),
            ["mod"] = new([Any, Any], static call => Divide(call, remainder: true)),
            ["max"] = new([Any, Any], static call => Integers(call, Math.Max), IsVariadic: true),
            ["min"] = new([Any, Any], static call => Integers(call, Math.Min), IsVariadic: true),
            ["addf"] = new([Any], static call => Floats(call, static (a, b) => a + b), IsVariadic: true),
            ["subf"] = new([Any, Any], static call => Floats(call, static (a, b) => a - b), IsVariadic: true),
            ["mulf"] = new([Any, Any], static call => Floats(call, static (a, b) => a * b), IsVariadic: true),
            ["divf"] = new([Any, Any], static call => Floats(call, static (a, b) => a / b), IsVariadic: true),
            ["maxf"] = new([Any, Any], static call => Floats(call, Math.Max), IsVariadic: true),
            ["minf"] = new([Any, Any], static call => Floats(call, Math.Min), IsVariadic: true),
            ["ceil"] = new([Any], static call => Math.Ceiling(NumberOf.Float(call[0]))),
            ["floor"] = new([Any], static call => Math.Floor(NumberOf.Float(call[0]))),
            ["round"] = new([Any, Integer, Float], Round, IsVariadic: true),
        };

    private static LogTemplateHost Host(TemplateCall call) => (LogTemplateHost)call.Host!;

    private static DateTimeOffset TimeOf(long ns) => DateTimeOffset.UnixEpoch.AddTicks(ns / TimeSpan.NanosecondsPerTick);

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

    private static Action<int> Limit()
    {
        var length = 0L;
        return expansion =>
        {
            length += expansion;
            if (length > TemplateLimits.MaxTextChars)
            {
                throw new TemplateException("the text is too long");
            }
        };
    }

    private static TemplateValue Count(TemplateCall call)
    {
        var count = 0L;
        Compile(call.Text(0)).ReplaceAll(call.Text(1), "", _ => count++);
        return count;
    }

    private static TemplateValue UrlDecode(TemplateCall call)
    {
        var text = call.Text(0);
        for (var i = text.IndexOf('%', StringComparison.Ordinal); i >= 0; i = text.IndexOf('%', i + 1))
        {
            if (i + 2 >= text.Length || !char.IsAsciiHexDigit(text[i + 1]) || !char.IsAsciiHexDigit(text[i + 2]))
            {
                throw new TemplateException($"invalid URL escape {GoQuote.Quote(text[i..Math.Min(text.Length, i + 3)])}");
            }
        }
        return Uri.UnescapeDataString(text.Replace('+', ' '));
    }

    private static TemplateValue Base64Decode(TemplateCall call)
    {
        var text = call.Text(0);
        var padded = text.PadRight((text.Length + 3) / 4 * 4, '=');
        var bytes = new byte[padded.Length];
        return Convert.TryFromBase64String(padded, bytes, out var length) ? Encoding.UTF8.GetString(bytes, 0, length)
            : throw new TemplateException("illegal base64 data at input byte 0");
    }

    private static TemplateValue Seconds(TemplateCall call) => UnitText.TryDuration(Encoding.UTF8.GetBytes(call.Text(0)), out var ns)
        ? ns / 1e9 : throw new TemplateException($"time: invalid duration {GoQuote.Quote(call.Text(0))}");

    private static TemplateValue Epoch(TemplateCall call, long unitNs)
    {
        var ticks = (GoTime.At(call[0]).Time.ToUniversalTime() - DateTimeOffset.UnixEpoch).Ticks;
        var value = unitNs == 1 ? ticks * TimeSpan.NanosecondsPerTick : (long)Math.Floor(ticks / (decimal)(unitNs / TimeSpan.NanosecondsPerTick));
        return value.ToString(CultureInfo.InvariantCulture);
    }

    /// <summary>The number of digits tells the unit: days, seconds, milliseconds, microseconds or nanoseconds.</summary>
    private static TemplateValue UnixToTime(TemplateCall call)
    {
        var text = call.Text(0);
        if (!long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value))
        {
            throw new TemplateException($"unable to parse time '{text}': strconv.ParseInt: parsing {GoQuote.Quote(text)}: invalid syntax");
        }
        var ticks = text.Length switch
        {
            5 => value * TimeSpan.TicksPerDay,
            10 => value * TimeSpan.TicksPerSecond,
            13 => value * TimeSpan.TicksPerMillisecond,
            16 => value * TimeSpan.TicksPerMicrosecond,
            19 => value / TimeSpan.NanosecondsPerTick,
            _ => throw new TemplateException($"unable to parse time '{text}': invalid timestamp"),
        };
        return GoTime.Of(DateTimeOffset.UnixEpoch.AddTicks(ticks));
    }

    private static TimeZoneInfo Zone(string name) => TimeZoneInfo.TryFindSystemTimeZoneById(name.Length == 0 ? "UTC" : name, out var zone)
        ? zone : TimeZoneInfo.Utc;

    /// <summary>A time that cannot be read is the zero time, as at Loki.</summary>
    private static TemplateValue ToDate(string layout, string text, TimeZoneInfo zone)
    {
        if (!GoTimeParser.TryParse(layout, text, out var time))
        {
            return GoTime.Of(DateTimeOffset.MinValue);
        }
        var hasZone = layout.Contains("Z07", StringComparison.Ordinal) || layout.Contains("-07", StringComparison.Ordinal)
            || layout.Contains("MST", StringComparison.Ordinal);
        return GoTime.Of(hasZone || zone.Equals(TimeZoneInfo.Utc) ? time : new DateTimeOffset(time.DateTime, zone.GetUtcOffset(time.DateTime)));
    }

    private static TemplateValue Integers(TemplateCall call, Func<long, long, long> join)
    {
        var result = NumberOf.Integer(call[0]);
        for (var i = 1; i < call.Arguments.Length; i++)
        {
            result = join(result, NumberOf.Integer(call[i]));
        }
        return result;
    }

    private static TemplateValue Floats(TemplateCall call, Func<double, double, double> join)
    {
        var result = NumberOf.Float(call[0]);
        for (var i = 1; i < call.Arguments.Length; i++)
        {
            result = join(result, NumberOf.Float(call[i]));
        }
        return result;
    }

    private static TemplateValue Divide(TemplateCall call, bool remainder)
    {
        var (left, right) = (NumberOf.Integer(call[0]), NumberOf.Integer(call[1]));
        return right == 0 ? throw new TemplateException("runtime error: integer divide by zero")
            : right == -1 ? (remainder ? 0 : unchecked(-left)) : remainder ? left % right : left / right;
    }

    /// <summary>To a number of digits; from the given fraction on (.5) up.</summary>
    private static TemplateValue Round(TemplateCall call)
    {
        if (call.Arguments.Length < 2)
        {
            throw new TemplateException("wrong number of args for round: want at least 2 got 1");
        }
        var up = call.Arguments.Length > 2 ? call[2].Float : 0.5;
        var scale = Math.Pow(10, call[1].Integer);
        var scaled = NumberOf.Float(call[0]) * scale;
        var whole = Math.Truncate(scaled);
        return (Math.Abs(scaled - whole) >= up ? (scaled > 0 ? Math.Ceiling(scaled) : Math.Floor(scaled)) : whole) / scale;
    }
}
