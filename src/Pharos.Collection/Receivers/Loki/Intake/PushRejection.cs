namespace Pharos.Collection.Receivers.Loki.Intake;

/// <summary>Why something that was pushed is not stored.</summary>
/// <param name="Reason">The value of the label <c>reason</c> of <c>loki_discarded_samples_total</c>.</param>
/// <param name="Status">HTTP's.</param>
/// <param name="Message">For the client.</param>
public sealed record PushRejection(string Reason, int Status, string Message);
