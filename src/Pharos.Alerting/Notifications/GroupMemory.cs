using System.Text;
using Pharos.Storage.State;

namespace Pharos.Alerting.Notifications;

/// <summary>What an integration remembers about one group, over restarts, from one notification to the next: the message that
/// the next one replaces, for instance.</summary>
/// <remarks>Belongs to one integration and one group, which are notified one at a time.</remarks>
public sealed class GroupMemory
{
    /// <summary>Remembers nothing.</summary>
    public static readonly GroupMemory None = new(null, "", startsAnew: true);

    private const string Collection = "group-memory";
    private static readonly TimeSpan Retention = TimeSpan.FromHours(120);

    private readonly IStateStore? _state;
    private readonly string _key;
    private readonly bool _startsAnew;

    private GroupMemory(IStateStore? state, string key, bool startsAnew)
    {
        _state = state;
        _key = key;
        _startsAnew = startsAnew;
    }

    /// <param name="key">Of the integration and the group, as in the notification log.</param>
    /// <param name="startsAnew">Whether what was remembered belongs to alerts that are all over.</param>
    public static GroupMemory Of(IStateStore state, string key, bool startsAnew) => new(state, key, startsAnew);

    public string? Recall(DateTimeOffset now) =>
        !_startsAnew && _state?.Find(Collection, _key) is { } entry && entry.ExpiresAt > now ? Encoding.UTF8.GetString(entry.Value) : null;

    /// <returns>Whether it is kept: without it the next notification begins anew, which is no reason to fail this one.</returns>
    public bool Keep(string text, DateTimeOffset now)
    {
        try
        {
            _state?.Put(Collection, _key, Encoding.UTF8.GetBytes(text), now + Retention);
            return _state is not null;
        }
        catch (IOException)
        {
            return false;
        }
    }

    public void Forget()
    {
        try
        {
            _state?.Delete(Collection, _key);
        }
        catch (IOException)
        {
            // It is replaced by the next message that is kept.
        }
    }
}
