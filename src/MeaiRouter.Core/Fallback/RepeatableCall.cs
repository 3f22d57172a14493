using MeaiRouter.Attempts;
using MeaiRouter.Routing;
using Microsoft.Extensions.AI;

namespace MeaiRouter.Fallback;

/// <summary>The call of an attempt as a policy sees it: each time it is made again, that is an attempt of its own.</summary>
internal sealed class RepeatableCall<T>(
    RouteContext context, IChatClient client, RouteAttempt attempt, Func<IChatClient, RouteAttempt, CancellationToken, Task<T>> call)
    where T : class
{
    private RouteAttempt _attempt = attempt;
    private bool _isRepetition;
    private Exception? _failure;
    private T? _opened;

    /// <summary>Runs the call through a policy and closes whatever it opened that is not the result.</summary>
    public async Task<T> RunAsync(IAttemptPolicy policy, CancellationToken cancellationToken)
    {
        T? result = null;
        try
        {
            return result = await policy.ExecuteAsync(_attempt, CallAsync, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            if (!ReferenceEquals(result, _opened))
                await CloseAsync().ConfigureAwait(false);
        }

        async ValueTask<T> CallAsync(CancellationToken token)
        {
            if (_isRepetition)
                await RepeatAsync(cancellationToken).ConfigureAwait(false);
            _isRepetition = true;

            try
            {
                return _opened = await call(client, _attempt, token).ConfigureAwait(false);
            }
            catch (Exception exception)
            {
                _failure = Meaning(exception, token.IsCancellationRequested && !cancellationToken.IsCancellationRequested);
                throw;
            }
        }
    }

    private async ValueTask RepeatAsync(CancellationToken cancellationToken)
    {
        await CloseAsync().ConfigureAwait(false);
        cancellationToken.ThrowIfCancellationRequested();

        var failure = _failure ?? new RouterException(FailureKind.Unknown, "The policy of the attempt did not accept the answer.");
        _attempt = context.Repeat(_attempt, FailureClassifier.Read(failure, _attempt.Provider, _attempt.Endpoint?.Tag))
            ?? throw new OperationCanceledException(cancellationToken);
        _failure = null;
    }

    private static Exception Meaning(Exception exception, bool policyCancelled) => policyCancelled && exception is OperationCanceledException
        ? new RouterException(FailureKind.Timeout, "The policy of the attempt stopped the call.", exception)
        : exception;

    private async ValueTask CloseAsync()
    {
        var opened = _opened;
        _opened = null;
        if (opened is IAsyncDisposable disposable)
            await disposable.DisposeAsync().ConfigureAwait(false);
    }
}
