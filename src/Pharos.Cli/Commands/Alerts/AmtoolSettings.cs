using System.Globalization;
using Pharos.Query.Templates.Functions;
using Pharos.Storage.Text;

namespace Pharos.Cli.Commands.Alerts;

/// <summary>What amtool's common flags and its file say together.</summary>
internal sealed record AmtoolSettings
{
    public required string Url { get; init; }

    public required OutputFormat Output { get; init; }

    /// <summary>A layout of Go.</summary>
    public required string DateFormat { get; init; }

    public required TimeSpan Timeout { get; init; }

    public string? HttpConfigFile { get; init; }

    public required string Author { get; init; }

    public required bool RequiresComment { get; init; }

    /// <exception cref="FormatException">The address or the client's file is wrong.</exception>
    public ServerClient Client() => new(Asking.Address(Url), HttpConfigFile, timeout: Timeout);

    public string Date(DateTimeOffset time) => GoTimeLayout.Format(time.ToUniversalTime(), DateFormat);

    /// <summary>A time as the API takes it.</summary>
    public static string Wire(DateTimeOffset time) => time.ToString("O", CultureInfo.InvariantCulture);

    /// <exception cref="FormatException">It is none of the three.</exception>
    public static OutputFormat ParseOutput(string text) => text switch
    {
        "simple" => OutputFormat.Simple,
        "extended" => OutputFormat.Extended,
        "json" => OutputFormat.Json,
        _ => throw new FormatException($"enum value must be one of simple,extended,json, got '{text}'"),
    };

    /// <summary>A time as amtool takes it: RFC 3339 alone.</summary>
    /// <exception cref="FormatException">It is none.</exception>
    public static DateTimeOffset? ParseTime(string? text)
    {
        if (text is null)
        {
            return null;
        }
        return text.Contains('T', StringComparison.Ordinal) && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture,
            DateTimeStyles.AssumeUniversal, out var time) ? time
            : throw new FormatException($"parsing time {GoQuote.Quote(text)} as \"2006-01-02T15:04:05Z07:00\": it is no such time");
    }

    /// <summary>A length as Prometheus' files write it: <c>1d12h</c>.</summary>
    /// <exception cref="FormatException">It is none.</exception>
    public static TimeSpan ParseLength(string text) => PrometheusDuration.TryParse(text, out var length) ? length
        : throw new FormatException($"not a valid duration string: {GoQuote.Quote(text)}");
}
