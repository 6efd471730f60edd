namespace Pharos.Collection.Receivers.Loki.Intake;

/// <summary>What was refused of one tenant for one reason, since the start.</summary>
/// <param name="Bytes">Of the lines with their structured metadata.</param>
/// <param name="Last">Some of the last ones, the newest first; empty where other tenants' have taken the room.</param>
public sealed record RejectedReason(string Reason, long Lines, long Bytes, IReadOnlyList<RejectedLine> Last);
