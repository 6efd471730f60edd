namespace Pharos.Alerting.Receivers.Email;

/// <summary>Whether mail programs show the notifications of a group as one conversation.</summary>
/// <param name="ByDate">A new conversation each day (<c>thread_by_date: daily</c>).</param>
public sealed record EmailThreadingOptions(bool Enabled = false, bool ByDate = true);
