using System.Text;
using Pharos.Alerting.TimeIntervals;
using Pharos.Collection.Exposition;
using Pharos.Collection.Receivers.RemoteWrite;
using Pharos.Query.PromQL.Series;
using Pharos.Storage.Text;

namespace Pharos.Fuzz.Targets;

/// <summary>The small notations: durations, numbers, quoted texts, headers, time intervals, series of rule tests.</summary>
internal sealed class SmallTextTarget : FuzzTarget
{
    public override string Name => "small-texts";

    public override IReadOnlyList<string> Tokens =>
    [
        "1h", "5m", "1ms", "1y", "1d", "w", "s", "0", "_", "_x5", "x", "+", "-", "1+2x3", "1e9", "stale", "NaN", "Inf", "{{schema:1 count:2 sum:3 buckets:[1 2] offset:1}}", "{{", "}}",
        "schema:", "buckets:[", "n_buckets:[", "z_bucket:", "custom_values:[", "counter_reset_hint:reset", "+{{", "x1000000", "{", "}", "a=\"b\"", ",", "\"", "`", "'", "\\u12", "\\xff",
        "\\777", "application/openmetrics-text", ";", "version=", "q=0.5", "charset=utf-8", "escaping=allow-utf-8", "proto=", "monday", ":", "january", "09:00", "24:00", "-1:-3", "Europe/Berlin",
    ];

    /// <summary>A series of a test may say of a sample that it is repeated; how often is limited.</summary>
    public override long BaseBytes => 512L << 20;

    public override string Run(byte[] input)
    {
        var text = Encoding.UTF8.GetString(input);
        var shape = new StringBuilder();
        shape.Append(PrometheusDuration.TryParse(text, out var duration));
        if (duration > TimeSpan.Zero && (!PrometheusDuration.TryParse(PrometheusDuration.Format(duration), out var again) || again != duration))
        {
            throw new BrokenPromiseException($"a duration that was printed is another: {PrometheusDuration.Format(duration)}");
        }
        shape.Append(GoFloat.TryParse(text, out var number));
        _ = GoFloat.FormatF(number) + GoFloat.FormatG(number) + GoFloat.FormatJson(number);
        var plain = ExpositionNumber.ReadPlain([.. input, (byte)'\n'], out var read);
        if (plain > 0 && (!ExpositionNumber.TryParse(input.AsSpan(0, plain), out var expected)
            || BitConverter.DoubleToInt64Bits(expected) != BitConverter.DoubleToInt64Bits(read)))
        {
            throw new BrokenPromiseException($"a plain number is read as {GoFloat.FormatG(read)}");
        }
        shape.Append(plain > 0);
        shape.Append(GoQuote.TryUnquote(text, out _));
        var quoted = GoQuote.Quote(text);
        if (!GoQuote.TryUnquote(quoted, out var unquoted) || unquoted != text)
        {
            throw new BrokenPromiseException($"a text that was quoted is another: {quoted}");
        }
        shape.Append(ContentType.TryRead(text, out _, out var fault)).Append(Shape.Of(fault ?? ""));
        shape.Append(ContentNegotiation.FormatOf(text, null, out fault)).Append(Shape.Of(fault ?? ""));
        shape.Append(RemoteWriteContentType.Read(text, out fault)).Append(Shape.Of(fault ?? ""));
        foreach (var problem in new[]
        {
            TimeIntervalParser.ParseTimes(text, text, out _), TimeIntervalParser.ParseWeekdays(text, out _), TimeIntervalParser.ParseMonths(text, out _),
            TimeIntervalParser.ParseYears(text, out _), TimeIntervalParser.ParseDaysOfMonth(text, out _), TimeIntervalParser.ParseLocation(text, out _),
        })
        {
            shape.Append(problem is null ? "+" : Shape.Of(problem)[..Math.Min(12, Shape.Of(problem).Length)]);
        }
        try
        {
            shape.Append(Shape.Of(SeriesDescription.Parse(text).Points.Count));
        }
        catch (FormatException bad)
        {
            shape.Append(Shape.Of(bad.Message));
        }
        return shape.ToString();
    }
}
