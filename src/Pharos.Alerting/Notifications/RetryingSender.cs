using Microsoft.Extensions.Logging;
using Pharos.Alerting.Alerts;
using Pharos.Alerting.History;

namespace Pharos.Alerting.Notifications;

/// <summary>Sends one notification and repeats what may be repeated, until the flush's deadline.</summary>
/// <param name="maySend">Asked before each attempt; null for always.</param>
internal sealed class RetryingSender(
    TimeProvider time, AlertingMetrics metrics, NotificationHistory history, ILogger logger, Func<bool>? maySend = null)
{
    private static readonly TimeSpan FirstDelay = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan MaxDelay = TimeSpan.FromSeconds(60);
    private const double DelayFactor = 1.5;

    private readonly RateLimitPauses _pauses = new(time);

    /// <param name="deadline">When <paramref name="timeIsUp"/> is cancelled: no wait begins that lasts longer.</param>
    /// <param name="timeIsUp">Why the flush was cancelled, where it is cancelled, too.</param>
    /// <returns>Whether it was sent.</returns>
    public async Task<bool> SendAsync(INotifier notifier, Notification notification, DateTimeOffset deadline,
        CancellationToken timeIsUp, CancellationToken cancellation)
    {
        notification = maySend is null ? notification : notification with { MaySend = maySend };
        var started = time.GetUtcNow();
        var attempts = 0;
        var tries = new List<NotificationAttempt>();
        NotifyExchange? exchange = null;
        var delay = FirstDelay;
        while (true)
        {
            if (_pauses.Remaining(notifier) > TimeSpan.Zero && !await WaitForPauseAsync(notifier, deadline, cancellation))
            {
                Report(notifier, notification, started, attempts, tries, exchange,
                    NotifyResult.Again(NotifyFailure.RateLimited, "it asked to be left alone beyond the flush's time"));
                return false;
            }
            if (maySend?.Invoke() == false)
            {
                Report(notifier, notification, started, attempts, tries, exchange,
                    NotifyResult.Again(NotifyFailure.ContextCanceled, "this node leads no longer: the next one sends it"));
                return false;
            }
            attempts++;
            var triedAt = time.GetUtcNow();
            var result = await TryOnceAsync(notifier, notification, cancellation);
            if (result.Failure == NotifyFailure.ContextCanceled && timeIsUp.IsCancellationRequested)
            {
                result = result with { Failure = NotifyFailure.ContextDeadlineExceeded };
            }
            exchange = result.Exchange ?? exchange;
            Keep(tries, Try(result, triedAt));
            if (result.Outcome == NotifyOutcome.Sent)
            {
                Report(notifier, notification, started, attempts, tries, exchange, result);
                return true;
            }
            if (result.RetryAfter is { } asked)
            {
                _pauses.Ask(notifier, asked);
            }
            var isOver = cancellation.IsCancellationRequested || time.GetUtcNow() + delay >= deadline;
            if (result.Outcome == NotifyOutcome.Failed || isOver)
            {
                Report(notifier, notification, started, attempts, tries, exchange, result);
                return false;
            }
            logger.LogDebug("Attempt {Attempt} to notify {Receiver} by {Integration} failed: {Reason}",
                attempts, notification.Receiver, notifier.Integration, result.Reason);
            await WaitAsync(delay, cancellation);
            delay = delay * DelayFactor < MaxDelay ? delay * DelayFactor : MaxDelay;
        }
    }

    /// <returns>False where the pause lasts beyond the deadline, or the flush is cancelled meanwhile.</returns>
    private async Task<bool> WaitForPauseAsync(INotifier notifier, DateTimeOffset deadline, CancellationToken cancellation)
    {
        // Another group may be told of a longer pause while this one waits.
        while (_pauses.Remaining(notifier) is var pause && pause > TimeSpan.Zero)
        {
            if (cancellation.IsCancellationRequested || time.GetUtcNow() + pause >= deadline)
            {
                return false;
            }
            await WaitAsync(pause, cancellation);
        }
        return true;
    }

    private async ValueTask<NotifyResult> TryOnceAsync(
        INotifier notifier, Notification notification, CancellationToken cancellation)
    {
        var tag = new KeyValuePair<string, object?>("integration", notifier.Integration);
        metrics.Requests.Add(1, tag);
        NotifyResult result;
        try
        {
            result = await notifier.NotifyAsync(notification, cancellation);
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            result = NotifyResult.Again(NotifyFailure.ContextCanceled, "the flush's time is over");
        }
        catch (Exception exception)
        {
            // An integration answers with a result; what it throws is a mistake of ours whose text may hold an address.
            logger.LogError("Integration {Integration} of {Receiver} threw {Exception}",
                notifier.Integration, notification.Receiver, exception.GetType().Name);
            result = NotifyResult.Again(NotifyFailure.Other, $"unexpected {exception.GetType().Name}");
        }
        if (result.Outcome != NotifyOutcome.Sent)
        {
            metrics.FailedRequests.Add(1, tag);
        }
        return result;
    }

    private async Task WaitAsync(TimeSpan wait, CancellationToken cancellation)
    {
        try
        {
            await Task.Delay(wait, time, cancellation);
        }
        catch (OperationCanceledException)
        {
            // The next attempt sees the same token and ends the loop with the reason.
        }
    }

    private NotificationAttempt Try(NotifyResult result, DateTimeOffset at) => new()
    {
        At = at,
        DurationSeconds = (time.GetUtcNow() - at).TotalSeconds,
        Outcome = result.Outcome switch { NotifyOutcome.Sent => "sent", NotifyOutcome.Retry => "retry", _ => "failed" },
        Status = result.Exchange?.Status,
        Answer = result.Exchange?.Answer ?? "",
        Error = result.Reason,
        RetryAfterSeconds = result.RetryAfter?.TotalSeconds,
    };

    private static void Keep(List<NotificationAttempt> tries, NotificationAttempt attempt)
    {
        if (tries.Count == NotificationRecord.MaxAttempts)
        {
            tries.RemoveAt(1);
        }
        tries.Add(attempt);
    }

    private void Report(INotifier notifier, Notification notification, DateTimeOffset started, int attempts,
        List<NotificationAttempt> tries, NotifyExchange? exchange, NotifyResult last)
    {
        var now = time.GetUtcNow();
        var seconds = (now - started).TotalSeconds;
        var isSent = last.Outcome == NotifyOutcome.Sent;
        metrics.Notified(notifier.Integration, seconds);
        if (last.TemplateProblem is not null)
        {
            metrics.TemplateFailed(notifier.Integration);
        }
        if (!isSent)
        {
            metrics.Failed(notifier.Integration, last.Failure.Label());
            logger.LogWarning("Notifying {Receiver} by {Integration} about {GroupKey} failed after {Attempts} attempts: {Reason}",
                notification.Receiver, notifier.Integration, notification.GroupKey, attempts, last.Reason);
        }
        var firing = 0;
        var told = new NotifiedAlert[Math.Min(notification.Alerts.Count, NotificationRecord.MaxAlerts)];
        for (var i = 0; i < notification.Alerts.Count; i++)
        {
            var alert = notification.Alerts[i];
            var isResolved = alert.IsResolvedAt(notification.Now);
            firing += isResolved ? 0 : 1;
            if (i < told.Length)
            {
                told[i] = new NotifiedAlert(
                    Fingerprint.Text(alert.Fingerprint), isResolved ? "resolved" : "firing", HistoryLabels.Of(alert.Labels));
            }
        }
        history.Add(new NotificationRecord
        {
            At = now,
            Receiver = notification.Receiver,
            Integration = notifier.Integration,
            GroupKey = notification.GroupKey,
            Reason = notification.Reason,
            Outcome = isSent ? "sent" : "failed",
            Attempts = attempts,
            Error = last.Reason,
            GroupLabels = HistoryLabels.Of(notification.GroupLabels),
            Alerts = told,
            Tries = tries,
            Payload = exchange?.Payload ?? "",
            IsPayloadCut = exchange?.IsPayloadCut == true,
            FiringCount = firing,
            ResolvedCount = notification.Alerts.Count - firing,
            DurationSeconds = seconds,
        });
    }
}
