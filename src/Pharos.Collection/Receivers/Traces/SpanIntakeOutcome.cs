namespace Pharos.Collection.Receivers.Traces;

/// <summary>What became of a batch.</summary>
/// <param name="Rejected">Spans that are not stored and must not be sent again.</param>
/// <param name="Message">Why; with nothing rejected, a warning; empty for none.</param>
/// <param name="Retry">Nothing of the batch was taken: the sender is to try again later.</param>
public readonly record struct SpanIntakeOutcome(long Rejected, string Message, bool Retry)
{
    public static readonly SpanIntakeOutcome Taken = new(0, "", false);
}
