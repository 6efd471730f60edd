using System.Text.Json;
using Pharos.Storage.Model;
using MatchType = Pharos.Storage.Model.MatchType;

namespace Pharos.Alerting.Silences;

/// <summary>A silence on disk: JSON, one value of the state store each.</summary>
internal sealed record SilenceRecord(
    string Id, IReadOnlyList<SilenceRecord.MatcherRecord> Matchers, DateTimeOffset StartsAt, DateTimeOffset EndsAt,
    DateTimeOffset UpdatedAt, string CreatedBy, string Comment, Dictionary<string, string> Annotations)
{
    public static byte[] Write(Silence silence) => JsonSerializer.SerializeToUtf8Bytes(new SilenceRecord(
        silence.Id, [.. silence.Matchers.Select(matcher => new MatcherRecord(matcher.Type, matcher.Name, matcher.Value))],
        silence.StartsAt, silence.EndsAt, silence.UpdatedAt, silence.CreatedBy, silence.Comment,
        silence.Annotations.ToDictionary(label => label.Name, label => label.Value, StringComparer.Ordinal)));

    /// <exception cref="JsonException">The bytes are no silence.</exception>
    public static Silence Read(byte[] bytes)
    {
        var read = JsonSerializer.Deserialize<SilenceRecord>(bytes) ?? throw new JsonException("a silence is null");
        return new Silence
        {
            Id = read.Id,
            Matchers = [.. read.Matchers.Select(matcher => new LabelMatcher(matcher.Type, matcher.Name, matcher.Value, dotMatchesNewline: false))],
            StartsAt = read.StartsAt,
            EndsAt = read.EndsAt,
            UpdatedAt = read.UpdatedAt,
            CreatedBy = read.CreatedBy,
            Comment = read.Comment,
            Annotations = LabelSet.From(read.Annotations),
        };
    }

    internal sealed record MatcherRecord(MatchType Type, string Name, string Value);
}
