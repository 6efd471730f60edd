using System.Text.Json;
using Pharos.Storage.Model;
using MatchType = Pharos.Storage.Model.MatchType;

namespace Pharos.Alerting.Silences;

/// <summary>A silence on disk: JSON, one value of the state store each.</summary>
internal sealed record SilenceRecord(
    string Id, IReadOnlyList<SilenceRecord.MatcherRecord> Matchers, DateTimeOffset StartsAt, DateTimeOffset EndsAt,
    DateTimeOffset UpdatedAt, string CreatedBy, string Comment, Dictionary<string, string> Annotations,
    string Receiver = "", string RecurringId = "")
{
    public static byte[] Write(Silence silence) => JsonSerializer.SerializeToUtf8Bytes(new SilenceRecord(
        silence.Id, MatchersOf(silence.Matchers),
        silence.StartsAt, silence.EndsAt, silence.UpdatedAt, silence.CreatedBy, silence.Comment,
        silence.Annotations.ToDictionary(label => label.Name, label => label.Value, StringComparer.Ordinal),
        silence.Receiver, silence.RecurringId));

    /// <exception cref="JsonException">The bytes are no silence.</exception>
    public static Silence Read(byte[] bytes)
    {
        var read = JsonSerializer.Deserialize<SilenceRecord>(bytes) ?? throw new JsonException("a silence is null");
        return new Silence
        {
            Id = read.Id,
            Matchers = MatchersOf(read.Matchers),
            StartsAt = read.StartsAt,
            EndsAt = read.EndsAt,
            UpdatedAt = read.UpdatedAt,
            CreatedBy = read.CreatedBy,
            Comment = read.Comment,
            Annotations = LabelSet.From(read.Annotations),
            Receiver = read.Receiver,
            RecurringId = read.RecurringId,
        };
    }

    public static IReadOnlyList<MatcherRecord> MatchersOf(IReadOnlyList<LabelMatcher> matchers) =>
        [.. matchers.Select(matcher => new MatcherRecord(matcher.Type, matcher.Name, matcher.Value))];

    public static IReadOnlyList<LabelMatcher> MatchersOf(IReadOnlyList<MatcherRecord> matchers) =>
        [.. matchers.Select(matcher => new LabelMatcher(matcher.Type, matcher.Name, matcher.Value, dotMatchesNewline: false))];

    internal sealed record MatcherRecord(MatchType Type, string Name, string Value);
}
