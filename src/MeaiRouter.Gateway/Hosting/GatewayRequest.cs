using MeaiRouter.Attempts;
using MeaiRouter.Gateway.Authentication;
using MeaiRouter.Gateway.Errors;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace MeaiRouter.Gateway.Hosting;

/// <summary>What every endpoint does around its own work: admit the caller, and answer every failure in the same envelope.</summary>
internal sealed class GatewayRequest(GatewayKeys keys, ILogger<GatewayRequest> logger)
{
    public async Task RunAsync(HttpContext http, RequestDelegate work)
    {
        try
        {
            keys.Admit(http.Request);
            await work(http);
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
            var error = GatewayError.From(exception);
            Log(exception, http.Response.Headers["X-Generation-Id"].ToString(), error.Status);
            if (http.Response.HasStarted)
                http.Abort();
            else
                await ErrorWriter.WriteAsync(http.Response, error);
        }
    }

    private void Log(Exception exception, string id, int status)
    {
        if (exception is RouterException failure)
            GatewayLog.Failed(logger, id, status, failure);
        else if (exception is not (GatewayException or BadHttpRequestException))
            GatewayLog.Crashed(logger, id, exception);
    }
}
