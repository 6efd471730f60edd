namespace Pharos.Collection.Receivers.Loki.Intake;

/// <summary>One line that was refused, for whoever asks why it is not there.</summary>
/// <param name="AtNs">When it was refused.</param>
/// <param name="TimeNs">Of the entry.</param>
/// <param name="Line">Its beginning.</param>
public sealed record RejectedLine(long AtNs, string Tenant, string Stream, long TimeNs, string Line, PushRejection Rejection);
