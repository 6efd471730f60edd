using System.Text.Json;
using Pharos.Alerting.Silences;
using Pharos.Alerting.TimeIntervals;
using Pharos.Server.Api.Alertmanager;

namespace Pharos.Server.Api.Pharos;

/// <summary>Reads the body of <c>POST silences/recurring</c>: a silence whose time is <c>timeIntervals</c>.</summary>
internal static class RecurringSilenceBody
{
    /// <exception cref="SchemaException">It is none.</exception>
    public static RecurringSilence Read(JsonElement body) => new()
    {
        Matchers = BodyReader.Matchers(body),
        Id = BodyReader.Text(body, "id", "silence") ?? "",
        Intervals = ReadIntervals(body),
        StartsAt = BodyReader.Time(body, "startsAt", "silence"),
        EndsAt = BodyReader.Time(body, "endsAt", "silence"),
        CreatedBy = BodyReader.Text(body, "createdBy", "silence") ?? throw new SchemaException(602, "silence.createdBy in body is required"),
        Comment = BodyReader.Text(body, "comment", "silence") ?? throw new SchemaException(602, "silence.comment in body is required"),
    };

    private static IReadOnlyList<TimeIntervalText> ReadIntervals(JsonElement body)
    {
        if (!body.TryGetProperty("timeIntervals", out var intervals))
        {
            throw new SchemaException(602, "silence.timeIntervals in body is required");
        }
        try
        {
            var read = intervals.Deserialize<TimeIntervalText[]>() ?? [];
            return Array.TrueForAll(read, IsWhole) ? read : throw new JsonException("null is no text and no interval");
        }
        catch (JsonException e)
        {
            throw new SchemaException(601, $"silence.timeIntervals in body must be a list of time intervals: {e.Message}");
        }
    }

    /// <summary>Whether nothing in it is null, which JSON may say anywhere.</summary>
    private static bool IsWhole(TimeIntervalText? interval) =>
        interval is { Times: { } times, Weekdays: { } weekdays, DaysOfMonth: { } days, Months: { } months, Years: { } years, Location: not null }
        && times.All(static time => time is { StartTime: not null, EndTime: not null })
        && weekdays.Concat(days).Concat(months).Concat(years).All(static text => text is not null);
}
