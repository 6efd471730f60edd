using System.Text.Json;
using Pharos.Alerting.TimeIntervals;

namespace Pharos.Alerting.Silences;

/// <summary>A recurring silence on disk: JSON, one value of the state store each.</summary>
internal sealed record RecurringSilenceRecord(
    string Id, IReadOnlyList<SilenceRecord.MatcherRecord> Matchers, string Receiver, IReadOnlyList<TimeIntervalText> Intervals,
    DateTimeOffset? StartsAt, DateTimeOffset? EndsAt, DateTimeOffset UpdatedAt, string CreatedBy, string Comment, string SilenceId,
    DateTimeOffset WindowStartsAt, DateTimeOffset WindowEndsAt)
{
    public static byte[] Write(RecurringSilence silence) => JsonSerializer.SerializeToUtf8Bytes(new RecurringSilenceRecord(
        silence.Id, SilenceRecord.MatchersOf(silence.Matchers), silence.Receiver, silence.Intervals, silence.StartsAt, silence.EndsAt,
        silence.UpdatedAt, silence.CreatedBy, silence.Comment, silence.SilenceId, silence.WindowStartsAt, silence.WindowEndsAt));

    /// <exception cref="JsonException">The bytes are no recurring silence.</exception>
    public static RecurringSilence Read(byte[] bytes)
    {
        var read = JsonSerializer.Deserialize<RecurringSilenceRecord>(bytes) ?? throw new JsonException("a recurring silence is null");
        return new RecurringSilence
        {
            Id = read.Id,
            Matchers = SilenceRecord.MatchersOf(read.Matchers),
            Receiver = read.Receiver,
            Intervals = read.Intervals,
            StartsAt = read.StartsAt,
            EndsAt = read.EndsAt,
            UpdatedAt = read.UpdatedAt,
            CreatedBy = read.CreatedBy,
            Comment = read.Comment,
            SilenceId = read.SilenceId,
            WindowStartsAt = read.WindowStartsAt,
            WindowEndsAt = read.WindowEndsAt,
        };
    }
}
