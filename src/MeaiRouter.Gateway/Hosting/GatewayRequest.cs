using MeaiRouter.Attempts;
using MeaiRouter.Gateway.Accounts;
using MeaiRouter.Gateway.Authentication;
using MeaiRouter.Gateway.Errors;
using MeaiRouter.Gateway.Logging;
using MeaiRouter.Gateway.Requests;
using MeaiRouter.Gateway.Routes;
using MeaiRouter.Gateway.Telemetry;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Logging;

namespace MeaiRouter.Gateway.Hosting;

/// <summary>What every endpoint does around its own work: admit the caller, and answer every failure in the same envelope.</summary>
internal sealed class GatewayRequest(
    GatewayKeys keys, AccountsStart accounts, LiveSettings live, AccessLog accessLog, TimeProvider time, ILogger<GatewayRequest> logger)
{
    /// <summary>Answers a browser that asks whether a page may call; where no page may, as any call of a path that there is not.</summary>
    public Task PreflightAsync(HttpContext http, UnknownPaths unknown) =>
        live.Current.Cors is { } cors ? cors.AnswerPreflightAsync(http) : RunAsync(http, Access.Either, unknown.RefuseAsync);

    /// <summary>Makes of what a key for inference is needed for what <see cref="RunAsync"/> runs: it waits for keys and budgets to be known, and takes no body too large.</summary>
    public Func<HttpContext, Caller, Task> ForInference(Func<HttpContext, GatewayKey?, Task> work) => (http, caller) =>
    {
        accounts.RefuseUnlessReady();
        LimitBody(http);
        return work(http, caller.Key);
    };

    public async Task RunAsync(HttpContext http, Access access, Func<HttpContext, Caller, Task> work)
    {
        var settings = live.Current;
        var facts = CallFacts.Begin(http, time, settings.Web.Limits);
        settings.Cors?.Apply(http);
        try
        {
            var caller = Admit(http, access, settings.WrongKeys);
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
            var error = GatewayError.From(exception, facts.Models);
            Log(exception, http.Response.Headers["X-Generation-Id"].ToString(), error.Status);
            if (http.Response.HasStarted)
                http.Abort();
            else
                await ErrorWriter.WriteAsync(http.Response, error, exception is RouterException failure ? RouterMetadata.Of(failure, http) : null);
        }
        finally
        {
            ServerSpan.Complete(http, facts);
            if (settings.Web.AccessLog)
                accessLog.Write(http, facts);
        }
    }

    private static void LimitBody(HttpContext http)
    {
        var most = CallFacts.Of(http).Limits.MaxBodyBytes;
        if (http.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } body && body.MaxRequestBodySize != most)
            body.MaxRequestBodySize = most;
    }

    private Caller Admit(HttpContext http, Access access, WrongKeys wrongKeys)
    {
        wrongKeys.RefuseIfTooMany(http.Connection.RemoteIpAddress);
        try
        {
            return keys.Admit(http.Request, access);
        }
        catch (GatewayException refusal) when (refusal.IsWrongKey)
        {
            wrongKeys.Add(http.Connection.RemoteIpAddress);
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
