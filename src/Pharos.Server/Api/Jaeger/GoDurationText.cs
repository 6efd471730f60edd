using Pharos.Storage.Text;

namespace Pharos.Server.Api.Jaeger;

/// <summary>Reads durations and says in Go's words what is wrong with one.</summary>
internal static class GoDurationText
{
    public static bool TryParse(string text, out long durationNs, out string error)
    {
        error = "";
        durationNs = 0;
        if (GoDuration.TryParse(text, out var duration))
        {
            durationNs = duration.Ticks * TimeSpan.NanosecondsPerTick;
            return true;
        }
        error = Reason(text);
        return false;
    }

    private static string Reason(string text)
    {
        var quoted = GoQuote.Quote(text);
        var rest = text.AsSpan(text.Length > 0 && text[0] is '+' or '-' ? 1 : 0);
        while (rest.Length > 0)
        {
            var digits = rest.IndexOfAnyExcept("0123456789.");
            if (digits < 0)
            {
                return $"time: missing unit in duration {quoted}";
            }
            if (digits == 0 || rest[..digits] is "." || rest[..digits].Count('.') > 1)
            {
                break;
            }
            rest = rest[digits..];
            var end = rest.IndexOfAny("0123456789.");
            var unit = end < 0 ? rest : rest[..end];
            if (unit is not ("ns" or "us" or "\u00b5s" or "\u03bcs" or "ms" or "s" or "m" or "h"))
            {
                return $"time: unknown unit {GoQuote.Quote(unit.ToString())} in duration {quoted}";
            }
            rest = rest[unit.Length..];
        }
        return $"time: invalid duration {quoted}";
    }
}
