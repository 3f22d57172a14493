using MeaiRouter.Attempts;
using MeaiRouter.Gateway.Accounts;
using MeaiRouter.Gateway.Authentication;
using MeaiRouter.Gateway.Errors;
using MeaiRouter.Gateway.Logging;
using MeaiRouter.Gateway.Routes;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace MeaiRouter.Gateway.Hosting;

/// <summary>What every endpoint does around its own work: admit the caller, and answer every failure in the same envelope.</summary>
internal sealed class GatewayRequest(GatewayKeys keys, AccountsStart accounts, ILogger<GatewayRequest> logger)
{
    /// <summary>Runs what a key for inference is needed for.</summary>
    public Task RunAsync(HttpContext http, Func<HttpContext, GatewayKey?, Task> work) => RunAsync(http, Access.Inference, (context, caller) =>
    {
        accounts.RefuseUnlessReady();
        return work(context, caller.Key);
    });

    public async Task RunAsync(HttpContext http, Access access, Func<HttpContext, Caller, Task> work)
    {
        try
        {
            await work(http, keys.Admit(http.Request, access));
        }
        catch (BadHttpRequestException) when (http.RequestAborted.IsCancellationRequested)
        {
            // The caller left in the middle of his request. Only Kestrel can end it: to a request that seems answered another would follow.
            throw;
        }
        catch (Exception) when (http.RequestAborted.IsCancellationRequested)
        {
            // The caller has left; there is nobody to answer.
        }
        catch (Exception exception)
        {
            var models = http.Features.Get<RequestedModels>() ?? RequestedModels.None;
            var error = GatewayError.From(exception, models);
            Log(exception, http.Response.Headers["X-Generation-Id"].ToString(), error.Status);
            if (http.Response.HasStarted)
                http.Abort();
            else
                await ErrorWriter.WriteAsync(http.Response, error, exception is RouterException failure ? RouterMetadata.Of(failure, http) : null);
        }
    }

    private void Log(Exception exception, string id, int status)
    {
        // What the caller did wrong he is told; an operator cannot act on it.
        if (exception is RouterException failure && (failure.Attempts.Count > 0 || status >= StatusCodes.Status500InternalServerError))
            GatewayLog.Failed(logger, id, status, failure);
        else if (exception is not (RouterException or GatewayException or BadHttpRequestException))
            GatewayLog.Crashed(logger, id, exception);
    }
}
