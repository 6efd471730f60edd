namespace Pharos.Collection.RemoteStorage.Writing;

/// <summary>What became of one request.</summary>
/// <param name="RetryAfter">How long the server asks to wait; zero where it does not say.</param>
/// <param name="IsBadRequest">The samples themselves are refused (400), not the sender or the address.</param>
/// <param name="Written">What was stored all the same, where the receiver says it; null where it does not.</param>
internal sealed record SendResult(
    SendVerdict Verdict, string Reason, TimeSpan RetryAfter = default, bool IsBadRequest = false, WrittenCounts? Written = null);
