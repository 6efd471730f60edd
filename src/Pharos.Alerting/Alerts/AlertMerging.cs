namespace Pharos.Alerting.Alerts;

/// <summary>What becomes of an alert that is sent again (Alertmanager, provider/mem and types).</summary>
internal static class AlertMerging
{
    /// <summary>Joins the two where their active times overlap; otherwise the newer replaces the older.</summary>
    public static Alert Merge(Alert older, Alert newer, DateTimeOffset now)
    {
        var overlaps = (newer.EndsAt > older.StartsAt && newer.EndsAt < older.EndsAt)
            || (newer.StartsAt > older.StartsAt && newer.StartsAt < older.EndsAt);
        if (!overlaps)
        {
            return newer;
        }
        if (newer.UpdatedAt < older.UpdatedAt)
        {
            (older, newer) = (newer, older);
        }
        var startsAt = older.StartsAt < newer.StartsAt ? older.StartsAt : newer.StartsAt;
        // An explicit end that lies later wins over an earlier one; a guessed end never does, except between two that are over.
        var keepsOlderEnd = older.EndsAt > newer.EndsAt
            && (newer.IsResolvedAt(now) ? older.IsResolvedAt(now) : !older.Timeout);
        return newer with { StartsAt = startsAt, EndsAt = keepsOlderEnd ? older.EndsAt : newer.EndsAt };
    }
}
