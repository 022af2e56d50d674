import HtmlWebpackPlugin from 'html-webpack-plugin'

export default {
  entry: './src/index.js',
  output: { clean: true },
  plugins: [new HtmlWebpackPlugin({ title: 'webpack through a link' })],
  devServer: {
    hot: true,
    // The page's own host and port; webpack's default names the port of the development server, which no visitor reaches.
    client: { overlay: false, webSocketURL: 'auto://0.0.0.0:0/ws' },
  },
}
