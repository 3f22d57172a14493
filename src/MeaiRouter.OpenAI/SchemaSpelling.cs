namespace MeaiRouter.OpenAI;

/// <summary>Where a request puts a JSON schema for the answer.</summary>
public enum SchemaSpelling
{
    /// <summary>OpenAI's: <c>{"type":"json_schema","json_schema":{"name":...,"schema":{...}}}</c>.</summary>
    JsonSchema,

    /// <summary>The schema itself in its place: <c>{"type":"json_schema","json_schema":{...}}</c> (Cloudflare).</summary>
    BareJsonSchema,

    /// <summary>Beside <c>json_object</c>: <c>{"type":"json_object","schema":{...}}</c> (Cohere).</summary>
    JsonObject,
}
