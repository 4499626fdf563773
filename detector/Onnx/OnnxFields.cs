namespace Pipeline.Detector.Onnx;

/// <summary>Field numbers of onnx.proto (onnx/onnx, Apache-2.0) that are read or written here.</summary>
internal static class OnnxFields
{
    public const int ModelIrVersion = 1;
    public const int ModelProducer = 2;
    public const int ModelGraph = 7;
    public const int ModelOpset = 8;
    public const int OpsetVersion = 2;

    public const int GraphNode = 1;
    public const int GraphName = 2;
    public const int GraphInitializer = 5;
    public const int GraphInput = 11;
    public const int GraphOutput = 12;
    public const int GraphValueInfo = 13;

    public const int NodeInput = 1;
    public const int NodeOutput = 2;
    public const int NodeName = 3;
    public const int NodeOperator = 4;
    public const int NodeAttribute = 5;

    public const int AttributeName = 1;
    public const int AttributeFloat = 2;
    public const int AttributeInt = 3;
    public const int AttributeString = 4;
    public const int AttributeTensor = 5;
    public const int AttributeInts = 8;
    public const int AttributeType = 20;

    public const int TensorDims = 1;
    public const int TensorDataType = 2;
    public const int TensorInt64Data = 7;
    public const int TensorName = 8;
    public const int TensorRawData = 9;

    public const int ValueName = 1;
    public const int ValueOfType = 2;
    public const int TypeTensor = 1;
    public const int TensorTypeElement = 1;
    public const int TensorTypeShape = 2;
    public const int ShapeDim = 1;
    public const int DimValue = 1;
    public const int DimParameter = 2;

    public const int FloatElements = 1;
    public const int Int64Elements = 7;
}
