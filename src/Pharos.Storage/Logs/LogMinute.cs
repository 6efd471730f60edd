namespace Pharos.Storage.Logs;

/// <summary>How much a run has with a time in (<paramref name="Minute"/> * 60 s, (<paramref name="Minute"/> + 1) * 60 s], the half-open
/// interval of LogQL's windows.</summary>
/// <param name="Level">Value of the metadata <c>detected_level</c> of these entries; empty where they have none.</param>
/// <param name="Bytes">Of lines.</param>
public readonly record struct LogMinute(long Minute, string Level, int Entries, long Bytes);
