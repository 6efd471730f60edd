using System.Net.Sockets;
using Npgsql;

namespace Pharos.Storage.State.Postgres;

/// <summary>The connections to one database: made when they are needed, made anew when they break.</summary>
/// <remarks>Thread-safe. Whatever the database or the way to it does is an <see cref="IOException"/> that names the place.</remarks>
internal sealed class PostgresSession : IAsyncDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    private readonly NpgsqlDataSource _source;
    private readonly string _place;
    private readonly CancellationTokenSource _stopping = new();
    private Task _listening = Task.CompletedTask;

    public PostgresSession(PostgresAddress address)
    {
        _source = NpgsqlDataSource.Create(address.ConnectionString);
        _place = address.ToString();
    }

    /// <summary>A statement whose connection has broken since it was last used is tried on a new one: each may be made twice.</summary>
    public T Run<T>(Func<NpgsqlConnection, T> action)
    {
        for (var isFirst = true; ; isFirst = false)
        {
            try
            {
                using var connection = _source.OpenConnection();
                return action(connection);
            }
            catch (NpgsqlException e) when (isFirst && e is { IsTransient: true, InnerException: not TimeoutException })
            {
                _source.Clear();
            }
            catch (Exception e) when (IsOfTheDatabase(e))
            {
                throw new IOException($"{_place}: {Reason(e)}", e);
            }
        }
    }

    /// <summary>Follows a channel until the end, whatever breaks meanwhile.</summary>
    /// <param name="heard">Told of each notification's payload; null where some may have been missed.</param>
    public void Follow(string listen, Action<string?> heard) => _listening = Task.Run(() => FollowAsync(listen, heard));

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _listening;
        await _source.DisposeAsync();
        _stopping.Dispose();
    }

    private async Task FollowAsync(string listen, Action<string?> heard)
    {
        while (!_stopping.IsCancellationRequested)
        {
            try
            {
                await using var connection = await _source.OpenConnectionAsync(_stopping.Token);
                connection.Notification += (_, notification) => heard(notification.Payload);
                await using var command = new NpgsqlCommand(listen, connection);
                await command.ExecuteNonQueryAsync(_stopping.Token);
                heard(null);
                while (true)
                {
                    await connection.WaitAsync(_stopping.Token);
                }
            }
            catch (OperationCanceledException)
            {
                return;
            }
            catch (Exception e) when (IsOfTheDatabase(e))
            {
                // Whoever asks for something meets the same and says so.
                await Task.Delay(Pause, TimeProvider.System, _stopping.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private static bool IsOfTheDatabase(Exception e) =>
        e is NpgsqlException or SocketException or TimeoutException or IOException or ObjectDisposedException;

    /// <summary>The driver names the address and leaves the reason to what is inside.</summary>
    private static string Reason(Exception e) =>
        e is PostgresException server ? $"{server.SqlState}: {server.MessageText}"
        : e.InnerException is { } inner && !e.Message.Contains(inner.Message, StringComparison.Ordinal) ? $"{e.Message}: {inner.Message}"
        : e.Message;
}
