using MeaiRouter.Attempts;
using MeaiRouter.Gateway.Accounts;
using MeaiRouter.Gateway.Authentication;
using MeaiRouter.Gateway.Errors;
using MeaiRouter.Gateway.Logging;
using MeaiRouter.Gateway.Requests;
using MeaiRouter.Gateway.Routes;
using MeaiRouter.Gateway.Telemetry;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace MeaiRouter.Gateway.Hosting;

/// <summary>What every endpoint does around its own work: admit the caller, and answer every failure in the same envelope.</summary>
internal sealed class GatewayRequest(
    GatewayKeys keys, AccountsStart accounts, GatewaySettings settings, AccessLog accessLog, TimeProvider time, ILogger<GatewayRequest> logger)
{
    private readonly WrongKeys _wrongKeys = new(settings.Web.MaxWrongKeys, settings.Web.WrongKeysWindow, time);
    private readonly CorsRules? _cors = settings.Web.Cors is { } cors ? new CorsRules(cors) : null;

    /// <summary>Which web pages may call; <see langword="null"/> for none.</summary>
    public CorsRules? Cors => _cors;

    /// <summary>Runs what a key for inference is needed for.</summary>
    public Task RunAsync(HttpContext http, Func<HttpContext, GatewayKey?, Task> work) => RunAsync(http, Access.Inference, (context, caller) =>
    {
        accounts.RefuseUnlessReady();
        return work(context, caller.Key);
    });

    public async Task RunAsync(HttpContext http, Access access, Func<HttpContext, Caller, Task> work)
    {
        var facts = CallFacts.Begin(http, time, settings.Web.Limits);
        _cors?.Apply(http);
        try
        {
            var caller = Admit(http, access);
            facts.Key = caller.Key?.Name;
            await work(http, caller);
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
        finally
        {
            ServerSpan.Complete(http, facts);
            accessLog.Write(http, facts);
        }
    }

    private Caller Admit(HttpContext http, Access access)
    {
        _wrongKeys.RefuseIfTooMany(http.Connection.RemoteIpAddress);
        try
        {
            return keys.Admit(http.Request, access);
        }
        catch (GatewayException refusal) when (refusal.IsWrongKey)
        {
            _wrongKeys.Add(http.Connection.RemoteIpAddress);
            throw;
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
