using System.Security.Cryptography;
using System.Text;

namespace Pharos.Server.Security;

/// <summary>Compares passwords with bcrypt hashes. Remembers outcomes, because a comparison is slow on purpose and clients
/// authenticate with every request.</summary>
/// <remarks>Thread-safe. Holds digests, never passwords.</remarks>
internal sealed class PasswordCheck : IDisposable
{
    /// <summary>Outcomes that are remembered; when it is full, an arbitrary one goes.</summary>
    public const int MaxRemembered = 100;

    /// <summary>Compared with where there is no such user, so that the time of the answer does not tell.</summary>
    private const string NobodysHash = "$2a$10$QOauhQNbBCuQDKes6eFzPeMqBSjb7Mr5DUmpZ/VcEd00UAV/LDeSi";

    private readonly Lock _gate = new();
    private readonly Dictionary<string, bool> _remembered = new(StringComparer.Ordinal);

    /// <summary>One comparison at a time: a flood of wrong passwords must not take all processors.</summary>
    private readonly SemaphoreSlim _turn = new(1, 1);

    /// <param name="hash">Of the user's password; null where there is no such user.</param>
    public async Task<bool> IsRightAsync(string user, string password, string? hash, CancellationToken cancellation)
    {
        var key = Key(user, password, hash);
        if (Recall(key) is { } known)
        {
            return known;
        }
        await _turn.WaitAsync(cancellation);
        try
        {
            if (Recall(key) is { } meanwhile)
            {
                return meanwhile;
            }
            var right = await Task.Run(() => Verify(password, hash ?? NobodysHash), CancellationToken.None) && hash is not null;
            Remember(key, right);
            return right;
        }
        finally
        {
            _turn.Release();
        }
    }

    public void Dispose() => _turn.Dispose();

    private static bool Verify(string password, string hash)
    {
        try
        {
            // The three letters name the same algorithm; the library knows this one in every version.
            return BCrypt.Net.BCrypt.Verify(password, $"$2b{hash.AsSpan(3)}");
        }
        catch (Exception e) when (e is BCrypt.Net.SaltParseException or ArgumentException)
        {
            return false;
        }
    }

    private static string Key(string user, string password, string? hash) => Convert.ToHexString(SHA256.HashData(
        Encoding.UTF8.GetBytes($"{user.Length}:{user}{hash?.Length ?? 0}:{hash}{password}")));

    private bool? Recall(string key)
    {
        lock (_gate)
        {
            return _remembered.TryGetValue(key, out var right) ? right : null;
        }
    }

    private void Remember(string key, bool right)
    {
        lock (_gate)
        {
            if (_remembered.Count >= MaxRemembered)
            {
                _remembered.Remove(_remembered.Keys.First());
            }
            _remembered[key] = right;
        }
    }
}
