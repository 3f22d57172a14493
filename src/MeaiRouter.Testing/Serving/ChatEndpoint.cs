using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace MeaiRouter.Testing;

/// <summary>Receives a request, notes it, and plays the step that its model's script has for it.</summary>
internal sealed class ChatEndpoint(string provider, ProviderScripts scripts, RequestLog log, TimeProvider time, CancellationToken stopping)
{
    private const string Chat = "/v1/chat/completions";
    private const string Embeddings = "/v1/embeddings";

    private readonly IssuedReasoning _issued = new(provider);

    public async Task HandleAsync(HttpContext context)
    {
        var request = log.Add(context.Request.Method, context.Request.Path, Headers(context.Request), await ReadBodyAsync(context.Request));
        using var leaving = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, stopping);
        using var left = context.RequestAborted.UnsafeRegister(_ => request.End(Departure()), null);
        try
        {
            await new Playback(context, request, time, leaving.Token).PlayAsync(Answer(request));
        }
        catch (Exception e) when (leaving.IsCancellationRequested && e is OperationCanceledException or IOException)
        {
            request.End(Departure());
            context.Abort();
        }
        finally
        {
            // Whatever else went wrong, such as an event to wait for that failed, Kestrel breaks the exchange off.
            request.End(RequestOutcome.BrokenOff);
        }

        // Stopping closes the connections, which then look as if their clients had left.
        RequestOutcome Departure() => stopping.IsCancellationRequested ? RequestOutcome.Stopped : RequestOutcome.ClientAborted;
    }

    private Transcript Answer(ReceivedRequest request)
    {
        try
        {
            return Choose(request).Play(request);
        }
        catch (Exception e)
        {
            return Fault.BadRequest("script_failed", $"The script failed. {e.GetType().Name}: {e.Message}").Play(request);
        }
    }

    private ScriptStep Choose(ReceivedRequest request)
    {
        if (!scripts.Admits(request.Headers.GetValueOrDefault("Authorization")))
            return Fault.Unauthorized();

        switch (request.Method, request.Path)
        {
            case ("GET", "/v1/models"):
                return Reply.Json(ModelList());

            case ("POST", Chat or Embeddings) when request.Body.ValueKind != JsonValueKind.Object:
                return Fault.BadRequest("invalid_json", "The body is not a JSON object.");

            case ("POST", Chat or Embeddings) when request.Model is null:
                return Fault.BadRequest("missing_model", "The body names no model.");

            case ("POST", Chat or Embeddings):
                return scripts.Find(request.Model) is { } script
                    ? Refuse(request, script) ?? script.Take(request.Model)
                    : Fault.Status(404, "model_not_found", $"The model '{request.Model}' does not exist.");

            default:
                return Fault.Status(404, "unknown_url", $"Unknown request URL: {request.Method} {request.Path}.");
        }
    }

    private Fault? Refuse(ReceivedRequest request, ModelScript script)
    {
        if (request.Path == Embeddings || (script.Dialect ?? scripts.Dialect) is not { } dialect)
            return null;

        request.Shape = dialect.Answers;
        request.Issued = _issued;
        request.Refusal = dialect.Judge(new StrictRequest(request, _issued));
        return request.Refusal is { } refusal ? Fault.Body(refusal.Status, refusal.Body) : null;
    }

    private string ModelList()
    {
        var models = scripts.Models.Select(model => new JsonObject
        {
            ["id"] = model, ["object"] = "model", ["created"] = 0, ["owned_by"] = provider,
        });
        return new JsonObject { ["object"] = "list", ["data"] = new JsonArray([.. models]) }.ToJsonString();
    }

    private static Dictionary<string, string> Headers(HttpRequest request) =>
        request.Headers.ToDictionary(
            static header => header.Key, static header => string.Join(", ", header.Value.AsEnumerable()), StringComparer.OrdinalIgnoreCase);

    private static async Task<JsonElement> ReadBodyAsync(HttpRequest request)
    {
        try
        {
            return await JsonSerializer.DeserializeAsync<JsonElement>(request.Body, cancellationToken: request.HttpContext.RequestAborted);
        }
        catch (JsonException)
        {
            return default;
        }
    }
}
