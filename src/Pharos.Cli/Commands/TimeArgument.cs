using System.Globalization;
using Pharos.Storage.Text;

namespace Pharos.Cli.Commands;

/// <summary>Times as promtool takes them: RFC 3339, or seconds since the epoch with or without a fraction.</summary>
internal static class TimeArgument
{
    /// <exception cref="FormatException">It is neither.</exception>
    public static DateTimeOffset Parse(string text)
    {
        if (GoFloat.TryParse(text, out var seconds) && double.IsFinite(seconds) && Math.Abs(seconds) < 2e11)
        {
            return DateTimeOffset.FromUnixTimeMilliseconds((long)Math.Round(seconds * 1000));
        }
        return text.Contains('T', StringComparison.OrdinalIgnoreCase) && DateTimeOffset.TryParse(
            text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time)
            ? time : throw new FormatException($"cannot parse {GoQuote.Quote(text)} to a valid timestamp");
    }
}
