using System.Globalization;
using System.Text;
using Pharos.Query.Templates.Execution;
using Pharos.Query.Templates.Values;

namespace Pharos.Query.Templates.Functions;

/// <summary>Go's <c>time.Duration</c>: nanoseconds that print as <c>1h2m3.5s</c>.</summary>
public static class GoDuration
{
    private const long Second = 1_000_000_000;

    public static readonly TemplateType Type = new("time.Duration")
    {
        Print = static value => Format(value.Integer),
        Methods = new Dictionary<string, TemplateFunction>(StringComparer.Ordinal)
        {
            ["String"] = new([], static call => Format(call.Receiver.Integer)),
            ["Seconds"] = new([], static call => call.Receiver.Integer / 1e9),
            ["Minutes"] = new([], static call => call.Receiver.Integer / 60e9),
            ["Hours"] = new([], static call => call.Receiver.Integer / 3600e9),
            ["Milliseconds"] = new([], static call => call.Receiver.Integer / 1_000_000),
            ["Microseconds"] = new([], static call => call.Receiver.Integer / 1000),
            ["Nanoseconds"] = new([], static call => call.Receiver.Integer),
        },
    };

    public static TemplateValue Of(TimeSpan duration) => TemplateValue.Typed(duration.Ticks * 100, Type);

    public static string Format(long nanoseconds)
    {
        if (nanoseconds == 0)
        {
            return "0s";
        }
        var sign = nanoseconds < 0 ? "-" : "";
        var rest = nanoseconds == long.MinValue ? (ulong)long.MaxValue + 1 : (ulong)Math.Abs(nanoseconds);
        if (rest < Second)
        {
            var (unit, size) = rest < 1000 ? ("ns", 1UL) : rest < 1_000_000 ? ("µs", 1000UL) : ("ms", 1_000_000UL);
            return sign + Decimal(rest, size) + unit;
        }
        var text = new StringBuilder(sign);
        var hours = rest / 3600 / Second;
        var minutes = rest / 60 / Second % 60;
        if (hours > 0)
        {
            text.Append(CultureInfo.InvariantCulture, $"{hours}h");
        }
        if (hours > 0 || minutes > 0)
        {
            text.Append(CultureInfo.InvariantCulture, $"{minutes}m");
        }
        return text.Append(Decimal(rest % (60 * Second), Second)).Append('s').ToString();
    }

    private static string Decimal(ulong amount, ulong unit) =>
        ((decimal)amount / unit).ToString("0.#########", CultureInfo.InvariantCulture);
}
