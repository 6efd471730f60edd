using System.Globalization;
using Pharos.Query.Templates;
using Pharos.Query.Templates.Functions;
using Pharos.Query.Templates.Values;
using Pharos.Storage.Text;
using GoDuration = Pharos.Query.Templates.Functions.GoDuration;

namespace Pharos.Alerting.Templates.Functions;

/// <summary>The <c>humanize*</c> functions that Prometheus and Alertmanager share.</summary>
internal static class Humanizing
{
    private static readonly string[] LargePrefixes = ["k", "M", "G", "T", "P", "E", "Z", "Y"];
    private static readonly string[] SmallPrefixes = ["m", "u", "n", "p", "f", "a", "z", "y"];
    private static readonly string[] BinaryPrefixes = ["ki", "Mi", "Gi", "Ti", "Pi", "Ei", "Zi", "Yi"];

    /// <summary>A number, a text that is one, or a duration in seconds.</summary>
    public static double ToFloat(TemplateValue value) => value.Kind switch
    {
        TemplateKind.Float => value.Float,
        TemplateKind.Integer when ReferenceEquals(value.Type, GoDuration.Type) => value.Integer / 1e9,
        TemplateKind.Integer => value.Integer,
        TemplateKind.Text => GoFloat.TryParse(value.Text, out var number) ? number
            : throw new TemplateException($"strconv.ParseFloat: parsing {GoQuote.Quote(value.Text)}: invalid syntax"),
        _ => throw new TemplateException($"can't convert {value.TypeName} to float"),
    };

    public static string Metric(double value)
    {
        if (value == 0 || !double.IsFinite(value))
        {
            return Four(value);
        }
        return Math.Abs(value) >= 1 ? Scale(value, LargePrefixes, 1000) : Shrink(value);
    }

    public static string Binary(double value) =>
        Math.Abs(value) <= 1 || !double.IsFinite(value) ? Four(value) : Scale(value, BinaryPrefixes, 1024);

    public static string Percentage(double value) => Four(value * 100) + "%";

    public static string Duration(double seconds)
    {
        if (!double.IsFinite(seconds))
        {
            return Four(seconds);
        }
        if (seconds == 0)
        {
            return "0s";
        }
        if (Math.Abs(seconds) < 1)
        {
            return Shrink(seconds) + "s";
        }
        var sign = seconds < 0 ? "-" : "";
        seconds = Math.Abs(seconds);
        var whole = seconds >= long.MaxValue ? long.MaxValue : (long)seconds;
        var (days, hours, minutes, rest) = (whole / 86400, whole / 3600 % 24, whole / 60 % 60, whole % 60);
        return sign + (days != 0 ? string.Create(CultureInfo.InvariantCulture, $"{days}d {hours}h {minutes}m {rest}s")
            : hours != 0 ? string.Create(CultureInfo.InvariantCulture, $"{hours}h {minutes}m {rest}s")
            : minutes != 0 ? string.Create(CultureInfo.InvariantCulture, $"{minutes}m {rest}s")
            : Four(seconds) + "s");
    }

    public static string Timestamp(double seconds) =>
        double.IsFinite(seconds) ? GoPrinter.Print(Time(seconds)) : Four(seconds);

    /// <summary>Seconds since 1970 as a time of milliseconds.</summary>
    public static TemplateValue Time(double seconds)
    {
        if (!double.IsFinite(seconds))
        {
            throw new TemplateException("value is NaN or Inf");
        }
        var nanoseconds = seconds * 1e9;
        if (nanoseconds is >= long.MaxValue or <= long.MinValue)
        {
            throw new TemplateException(GoFormat.Sprintf(
                "%f cannot be represented as a nanoseconds timestamp since it overflows int64", [nanoseconds]));
        }
        return GoTime.Of(DateTimeOffset.FromUnixTimeMilliseconds((long)nanoseconds / 1_000_000));
    }

    public static TemplateValue ToDuration(double seconds)
    {
        if (!double.IsFinite(seconds))
        {
            throw new TemplateException("value is NaN or Inf");
        }
        var nanoseconds = seconds * 1e9;
        return nanoseconds is < long.MaxValue and > long.MinValue ? TemplateValue.Typed((long)nanoseconds, GoDuration.Type)
            : throw new TemplateException(GoFormat.Sprintf("%f cannot be represented as a duration since it overflows int64", [nanoseconds]));
    }

    private static string Scale(double value, string[] prefixes, double step)
    {
        var prefix = "";
        foreach (var next in prefixes)
        {
            if (Math.Abs(value) < step)
            {
                break;
            }
            prefix = next;
            value /= step;
        }
        return Four(value) + prefix;
    }

    private static string Shrink(double value)
    {
        var prefix = "";
        foreach (var next in SmallPrefixes)
        {
            if (Math.Abs(value) >= 1)
            {
                break;
            }
            prefix = next;
            value *= 1000;
        }
        return Four(value) + prefix;
    }

    private static string Four(double value) => GoFormat.Sprintf("%.4g", [value]);
}
