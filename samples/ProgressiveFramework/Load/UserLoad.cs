using ProgressiveFramework.WebApi;

namespace ProgressiveFramework.Load;

/// <summary>Users who come, ask for plans over HTTP, and go. Their number wanders below a maximum.</summary>
public sealed class UserLoad : IAsyncDisposable
{
    private readonly WebApiHost _web;
    private readonly int _maxUsers;
    private readonly Dice _dice;
    private readonly TimeProvider _time;
    private readonly HttpClient _client;
    private readonly CancellationTokenSource _stop = new();
    private readonly List<Task> _users = [];
    private readonly Task _crowd;

    private UserLoad(WebApiHost web, int maxUsers, Random random, TimeProvider time)
    {
        _web = web;
        _maxUsers = maxUsers;
        _dice = new Dice(random);
        _time = time;
        _client = new HttpClient { BaseAddress = web.Address, Timeout = TimeSpan.FromSeconds(30) };
        _crowd = CrowdAsync();
    }

    public static UserLoad Start(WebApiHost web, int maxUsers, Random random, TimeProvider time) =>
        new(web, maxUsers, random, time);

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _crowd;
        await Task.WhenAll(_users);
        _client.Dispose();
        _stop.Dispose();
    }

    private async Task CrowdAsync()
    {
        var wanted = _maxUsers * 0.6;
        var userId = 0;
        try
        {
            while (!_stop.IsCancellationRequested)
            {
                _users.RemoveAll(user => user.IsCompleted);
                wanted = Math.Clamp(wanted + _dice.Between(-2, 2.05), _maxUsers * 0.25, _maxUsers);
                while (_users.Count < (int)wanted)
                {
                    _users.Add(VisitAsync($"user-{++userId % 1000}"));
                }
                await Task.Delay(TimeSpan.FromSeconds(1), _time, _stop.Token);
            }
        }
        catch (OperationCanceledException)
        {
            // The application stops.
        }
    }

    private async Task VisitAsync(string userId)
    {
        _web.UserCame();
        try
        {
            var requests = (int)_dice.Between(5, 40);
            for (var i = 0; i < requests; i++)
            {
                await Task.Delay(_dice.LogNormal(3, 0.5, 15), _time, _stop.Token);
                await RequestAsync(userId);
            }
        }
        catch (OperationCanceledException)
        {
            // The application stops.
        }
        finally
        {
            _web.UserWent();
        }
    }

    private async Task RequestAsync(string userId)
    {
        var (method, path) = _dice.Between(0, 100) switch
        {
            < 35 => (HttpMethod.Get, $"/api/users/{userId}"),
            < 55 => (HttpMethod.Get, $"/api/plans/{(int)_dice.Between(1, 500)}"),
            < 73 => (HttpMethod.Post, "/api/plans/nutrition"),
            < 90 => (HttpMethod.Post, "/api/plans/workout"),
            < 97 => (HttpMethod.Post, "/api/sessions"),
            _ => (HttpMethod.Get, "/api/unknown"),
        };
        try
        {
            using var request = new HttpRequestMessage(method, path);
            request.Headers.Add("x-user-id", userId);
            using var response = await _client.SendAsync(request, _stop.Token);
        }
        catch (Exception e) when (e is HttpRequestException or TaskCanceledException && !_stop.IsCancellationRequested)
        {
            // A user who gets no answer goes on with the next request, as people do.
        }
    }
}
